// Menu and basket: side by side on wide screens, one at a time on phones.

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Product } from "../gen/comanda/catalog/v1/menu_pb.ts";
import { followMenu, menu, menuCurrent } from "../lib/menu.ts";
import { formatMoney } from "../lib/money.ts";
import { text } from "../lib/text.ts";
import { add, pieces, price, total } from "./basket.ts";
import { BasketView } from "./BasketView.tsx";
import { MenuList } from "./MenuList.tsx";
import { resumePlacing } from "./place.ts";
import { unitPrice } from "./pricing.ts";
import { ProductDialog } from "./ProductDialog.tsx";
import { basket, keepBasket, lastOrder } from "./store.ts";

/** In the fragment, so that "back" leads from the basket to the menu. */
const BASKET_VIEW = "#pedido";
const showsBasket = signal(location.hash === BASKET_VIEW);
addEventListener("hashchange", () => {
  showsBasket.value = location.hash === BASKET_VIEW;
  scrollTo(0, 0);
});

const choosing = signal<Product | null>(null);

export function MenuPage() {
  useEffect(() => {
    resumePlacing();
    return followMenu();
  }, []);
  const shown = menu.value;
  return (
    <div class={showsBasket.value ? "shop shows-basket" : "shop"}>
      <header class="shop-head">
        <h1>{shown?.shopName ?? " "}</h1>
        {lastOrder.value && (
          <a class="last-order" href={`/acompanhar#${lastOrder.value.fragment}`}>
            {text.menu.follow(lastOrder.value.number)}
          </a>
        )}
        {!menuCurrent.value && <p class="notice">{shown ? text.menu.stale : text.menu.failed}</p>}
      </header>
      {shown ? (
        <>
          <MenuList menu={shown} onPick={pick} />
          <BasketView menu={shown} />
          <BasketBar />
        </>
      ) : (
        menuCurrent.value && <p class="loading">{text.menu.loading}</p>
      )}
      {choosing.value && <ProductDialog product={choosing.value} onClose={() => (choosing.value = null)} />}
    </div>
  );
}

function pick(product: Product): void {
  if (product.optionGroups.length > 0) {
    choosing.value = product;
    return;
  }
  const { minorUnits } = unitPrice(product, []);
  const { productId, name } = product;
  const line = { productId, name, quantity: 1, optionIds: [], note: "", pickedPrice: minorUnits.toString() };
  keepBasket(add(basket.value, line));
}

function BasketBar() {
  const shown = menu.value;
  const count = pieces(basket.value);
  if (!shown || count === 0) return null;
  const sum = total(price(basket.value, shown));
  return (
    <a class="basket-bar primary" href={BASKET_VIEW}>
      <span>{text.basket.open(count)}</span>
      <span>{formatMoney({ currencyCode: shown.currencyCode, minorUnits: sum })}</span>
    </a>
  );
}
