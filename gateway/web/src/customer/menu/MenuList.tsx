// The menu by category, or what was looked for in it.

import { useMemo, useState } from "preact/hooks";
import type { Menu, Product } from "../../lib/menu/resolve.ts";
import { isLong, search } from "../../lib/menu/search.ts";
import { text } from "../../lib/text/text.ts";
import { atOnce, LazyList } from "../../ui/LazyList.tsx";
import { SearchField } from "../../ui/SearchField.tsx";
import { StateMessage } from "../../ui/state/StateMessage.tsx";
import { picked } from "../basket/basket.ts";
import { CategoryBar, sectionId } from "./CategoryBar.tsx";
import { placing } from "../basket/place.ts";
import { ProductTile } from "./ProductTile.tsx";
import { basket } from "../store.ts";

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
  const draw = (product: Product) => (
    <ProductTile
      key={product.productId}
      product={product}
      picked={counts.get(product.productId) ?? 0}
      busy={busy}
      onPick={onPick}
    />
  );
  return (
    <main class="menu">
      {filled.length === 0 && <StateMessage kind="empty" title={text.menu.empty} detail={text.menu.emptyDetail} />}
      {isLong(menu) && <SearchField typed={typed} found={found} onInput={setTyped} />}
      {found && <ul class="products">{found.products.map(draw)}</ul>}
      {/* Only hidden while something is looked for: drawing it anew would take longer than the next key. */}
      <div hidden={found !== null}>
        {filled.length > 1 && <CategoryBar categories={filled} />}
        {filled.map((category, at) => (
          <section key={category.categoryId} id={sectionId(category)}>
            <h2>
              <bdi>{category.name}</bdi>
            </h2>
            <LazyList class="products" items={category.products} atOnce={atOnce(at, menu.products.size)} draw={draw} />
          </section>
        ))}
      </div>
    </main>
  );
}
