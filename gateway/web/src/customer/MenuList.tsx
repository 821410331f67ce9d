// The menu by category, or what was looked for in it.

import { useMemo, useState } from "preact/hooks";
import type { Category, Menu, Product } from "../lib/resolve.ts";
import { isLong, search } from "../lib/search.ts";
import { text } from "../lib/text.ts";
import { SearchField } from "../ui/SearchField.tsx";
import { StateMessage } from "../ui/StateMessage.tsx";
import { useGrowing } from "../ui/useGrowing.ts";
import { picked } from "./basket.ts";
import { CategoryBar, sectionId } from "./CategoryBar.tsx";
import { placing } from "./place.ts";
import { ProductTile } from "./ProductTile.tsx";
import { basket } from "./store.ts";

interface Props {
  menu: Menu;
  onPick(product: Product): void;
}

export function MenuList({ menu, onPick }: Props) {
  const [typed, setTyped] = useState("");
  const filled = useMemo(() => menu.categories.filter((category) => category.products.length > 0), [menu]);
  const found = useMemo(() => (typed.trim() ? search(filled, typed) : null), [filled, typed]);
  const counts = picked(basket.value);
  const busy = placing.value.state !== "idle";
  const tiles = (products: readonly Product[]) =>
    products.map((product) => (
      <ProductTile
        key={product.productId}
        product={product}
        picked={counts.get(product.productId) ?? 0}
        busy={busy}
        onPick={onPick}
      />
    ));
  return (
    <main class="menu">
      {filled.length === 0 && <StateMessage kind="empty" title={text.menu.empty} detail={text.menu.emptyDetail} />}
      {isLong(menu) && <SearchField typed={typed} found={found} onInput={setTyped} />}
      {found && <ul class="products">{tiles(found.products)}</ul>}
      {/* Only hidden while something is looked for: drawing it anew would take longer than the next key. */}
      <div hidden={found !== null}>
        {filled.length > 1 && <CategoryBar categories={filled} />}
        <Sections categories={filled} tiles={tiles} />
      </div>
    </main>
  );
}

interface SectionsProps {
  categories: readonly Category[];
  tiles(products: readonly Product[]): preact.JSX.Element[];
}

function Sections({ categories, tiles }: SectionsProps) {
  let left = useGrowing(categories.reduce((sum, { products }) => sum + products.length, 0));
  return categories.map((category) => {
    const shown = left >= category.products.length ? category.products : category.products.slice(0, left);
    left -= shown.length;
    return (
      <section key={category.categoryId} id={sectionId(category)}>
        <h2>{category.name}</h2>
        <ul class="products" aria-busy={shown.length < category.products.length}>
          {tiles(shown)}
        </ul>
      </section>
    );
  });
}
