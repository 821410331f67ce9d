// Marks products as sold out, for the day or until somebody says otherwise.

import { useMemo, useState } from "preact/hooks";
import { menu } from "../../lib/menu/menu.ts";
import type { Menu, Product } from "../../lib/menu/resolve.ts";
import { isLong, search } from "../../lib/menu/search.ts";
import { staffText } from "../../lib/text/staff_text.ts";
import { atOnce, LazyList } from "../../ui/LazyList.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { NoMenu } from "../../ui/state/NoMenu.tsx";
import { SearchField } from "../../ui/SearchField.tsx";
import { Notices } from "../Notices.tsx";
import { setStock, stockNotices, stockOf, wanted } from "./stock.ts";
import { StockRow } from "./StockRow.tsx";
import { TodayChoice } from "./TodayChoice.tsx";

export function StockDialog({ onClose }: { onClose(): void }) {
  return (
    <Dialog title={staffText.stock.title} onClose={onClose}>
      {menu.value ? <Stock menu={menu.value} /> : <NoMenu />}
      <Notices of={stockNotices} />
    </Dialog>
  );
}

function Stock({ menu }: { menu: Menu }) {
  const [forToday, setForToday] = useState(true);
  const [typed, setTyped] = useState("");
  const found = useMemo(() => (typed.trim() ? search(menu.categories, typed) : null), [menu, typed]);
  const onSwitch = useMemo(
    () => (product: Product) =>
      void setStock(product, stockOf(product) === "available" ? (forToday ? "today" : "until") : "available"),
    [forToday],
  );
  const draw = (product: Product) => (
    <li key={product.productId}>
      <StockRow
        product={product}
        utcOffsets={menu.utcOffsets}
        asked={wanted.value.get(product.productId)?.stock}
        onSwitch={onSwitch}
      />
    </li>
  );
  return (
    <div class="stock">
      <TodayChoice forToday={forToday} onChange={setForToday} />
      {isLong(menu) && <SearchField typed={typed} found={found} onInput={setTyped} />}
      {found && <ul class="stock-rows">{found.products.map(draw)}</ul>}
      <div hidden={found !== null}>
        {menu.categories.map((category, at) => (
          <section key={category.categoryId}>
            <h3>
              <bdi>{category.name}</bdi>
            </h3>
            <LazyList class="stock-rows" items={category.products} atOnce={atOnce(at, menu.products.size)} draw={draw} />
          </section>
        ))}
      </div>
    </div>
  );
}
