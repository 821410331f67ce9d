// The menu by category, or what was looked for in it.

import { useMemo, useRef, useState } from "preact/hooks";
import type { Category, Menu, Product } from "../../lib/menu/resolve.ts";
import { search } from "../../lib/menu/search.ts";
import { nameOf } from "../../lib/menu/spoken.ts";
import { text } from "../../lib/text/text.ts";
import { counted, LazyList } from "../../ui/LazyList.tsx";
import { SearchField } from "../../ui/SearchField.tsx";
import { StateMessage } from "../../ui/state/StateMessage.tsx";
import { picked } from "../basket/basket.ts";
import { CategoryBar } from "./CategoryBar.tsx";
import { sectionId } from "./current_category.ts";
import { drawingOf } from "../product/drawing_of.ts";
import { placing } from "../checkout/placing.ts";
import { ProductRow, type RowActions } from "../product/ProductRow.tsx";
import { basket } from "../store.ts";

export function MenuList({ menu, actions }: { menu: Menu; actions: RowActions }) {
  const [typed, setTyped] = useState("");
  const main = useRef<HTMLElement>(null);
  const filled = useMemo(() => menu.categories.filter((category) => category.products.length > 0), [menu]);
  const home = useMemo(() => homes(filled), [filled]);
  const found = useMemo(() => (typed.trim() ? search(filled, typed) : null), [filled, typed]);
  const counts = picked(basket.value);
  const busy = placing.value.state !== "idle";
  const look = (words: string) => {
    setTyped(words);
    // What was found begins where the menu does.
    const top = main.current?.offsetTop ?? 0;
    if (scrollY > top) scrollTo({ top, behavior: "instant" });
  };
  const draw = (product: Product) => (
    <ProductRow
      key={product.productId}
      product={product}
      drawing={drawingOf(product.name, home.get(product)?.name ?? "")}
      picked={counts.get(product.productId) ?? 0}
      busy={busy}
      actions={actions}
    />
  );
  if (filled.length === 0) {
    return (
      <main class="menu">
        <StateMessage kind="empty" title={text.menu.empty} detail={text.menu.emptyDetail} />
      </main>
    );
  }
  return (
    <main class="menu" ref={main}>
      <div class="menu-bar">
        <SearchField typed={typed} found={found} onInput={look} />
        {!found && filled.length > 1 && <CategoryBar categories={filled} />}
      </div>
      {found && <ul class="products">{found.products.map(draw)}</ul>}
      {/* Only hidden while something is looked for: drawing it anew would take longer than the next key. */}
      <div hidden={found !== null}>
        {counted(filled).map(([category, before]) => (
          <section key={category.categoryId} id={sectionId(category)} class="category">
            <h2>
              <bdi>{nameOf(category)}</bdi>
            </h2>
            <LazyList class="products" items={category.products} before={before} all={menu.products.size} draw={draw} />
          </section>
        ))}
      </div>
    </main>
  );
}

function homes(categories: readonly Category[]): Map<Product, Category> {
  return new Map(categories.flatMap((category) => category.products.map((product) => [product, category] as const)));
}
