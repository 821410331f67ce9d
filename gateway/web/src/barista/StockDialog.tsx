// Marks products as sold out, for the day or until somebody says otherwise.

import { useMemo, useState } from "preact/hooks";
import { menu } from "../lib/menu.ts";
import type { Menu, Product } from "../lib/resolve.ts";
import { isLong, search } from "../lib/search.ts";
import { staffText } from "../lib/staff_text.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { NoMenu } from "../ui/NoMenu.tsx";
import { SearchField } from "../ui/SearchField.tsx";
import { useGrowing } from "../ui/useGrowing.ts";
import { Notices } from "./Notices.tsx";
import { setStock, stockNotices, stockOf, wanted } from "./stock.ts";
import { StockRow } from "./StockRow.tsx";
import { TodayChoice } from "./TodayChoice.tsx";

export function StockDialog({ token, onClose }: { token: string; onClose(): void }) {
  return (
    <Dialog title={staffText.stock.title} onClose={onClose}>
      {menu.value ? <Stock menu={menu.value} token={token} /> : <NoMenu />}
      <Notices of={stockNotices} />
    </Dialog>
  );
}

function Stock({ menu, token }: { menu: Menu; token: string }) {
  const [forToday, setForToday] = useState(true);
  const [typed, setTyped] = useState("");
  const found = useMemo(() => (typed.trim() ? search(menu.categories, typed) : null), [menu, typed]);
  let left = useGrowing(menu.products.size);
  const onSwitch = useMemo(
    () => (product: Product) =>
      void setStock(token, product, stockOf(product) === "available" ? (forToday ? "today" : "until") : "available"),
    [token, forToday],
  );
  const rows = (products: readonly Product[]) =>
    products.map((product) => (
      <StockRow
        key={product.productId}
        product={product}
        timeZone={menu.timeZone}
        asked={wanted.value.get(product.productId)?.stock}
        onSwitch={onSwitch}
      />
    ));
  return (
    <div class="stock">
      <TodayChoice forToday={forToday} onChange={setForToday} />
      {isLong(menu) && <SearchField typed={typed} found={found} onInput={setTyped} />}
      {found && <section>{rows(found.products)}</section>}
      <div hidden={found !== null}>
        {menu.categories.map((category) => {
          const shown = category.products.slice(0, Math.max(0, left));
          left -= shown.length;
          return (
            <section key={category.categoryId}>
              <h3>{category.name}</h3>
              {rows(shown)}
            </section>
          );
        })}
      </div>
    </div>
  );
}
