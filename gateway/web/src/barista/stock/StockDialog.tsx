// Marks products as sold out, for the day or until somebody says otherwise.

import { useEffect, useMemo, useState } from "preact/hooks";
import { menu } from "../../lib/menu/menu.ts";
import type { Menu, Product } from "../../lib/menu/resolve.ts";
import { isLong, search } from "../../lib/menu/search.ts";
import { staffText } from "../../lib/text/staff_text.ts";
import { counted, LazyList } from "../../ui/LazyList.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { NoMenu } from "../../ui/state/NoMenu.tsx";
import { SearchField } from "../../ui/SearchField.tsx";
import { Notices } from "../Notices.tsx";
import { changes, dismissProblem, setStock, stockOf, stockProblems, wanted } from "./stock.ts";
import { StockRow } from "./StockRow.tsx";
import { TodayChoice } from "./TodayChoice.tsx";

export function StockDialog({ onClose }: { onClose(): void }) {
  useEffect(
    () => () => {
      changes.value = new Map();
      stockProblems.value = [];
    },
    [],
  );
  return (
    <Dialog
      title={staffText.stock.title}
      onClose={onClose}
      footer={<Notices problems={stockProblems.value} onDismiss={dismissProblem} />}
    >
      {menu.value ? <Stock menu={menu.value} /> : <NoMenu />}
      <p class="hidden" role="status">
        {[...changes.value.values()].at(-1)?.text}
      </p>
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
    <li key={product.productId} class="stock-line">
      <StockRow
        product={product}
        utcOffsets={menu.utcOffsets}
        changed={changes.value.has(product.productId)}
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
        {counted(menu.categories).map(([category, before]) => (
          <section key={category.categoryId}>
            <h3>
              <bdi>{category.name}</bdi>
            </h3>
            <LazyList class="stock-rows" items={category.products} before={before} all={menu.products.size} draw={draw} />
          </section>
        ))}
      </div>
    </div>
  );
}
