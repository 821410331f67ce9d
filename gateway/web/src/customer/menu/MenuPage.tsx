// Menu and basket: side by side on wide screens, one at a time on phones.

import { signal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { isolated } from "../../lib/text/foreign.ts";
import { followMenu, menu } from "../../lib/menu/menu.ts";
import { formatMoney } from "../../lib/text/money.ts";
import type { Menu, Product } from "../../lib/menu/resolve.ts";
import { text } from "../../lib/text/text.ts";
import { Icon } from "../../ui/Icon.tsx";
import { TopBar } from "../../ui/TopBar.tsx";
import { useTitle } from "../../ui/useTitle.ts";
import { add, pieces, price, total } from "../basket/basket.ts";
import { BasketView } from "../basket/BasketView.tsx";
import { MenuList } from "./MenuList.tsx";
import { MenuNotice, MenuPlaceholder } from "./MenuNotice.tsx";
import { OwnOrders } from "./OwnOrders.tsx";
import { closedBecause } from "./shop_status.ts";
import { forgetProblem, resumePlacing } from "../basket/place.ts";
import { unitPrice } from "../basket/pricing.ts";
import { ProductDialog } from "./ProductDialog.tsx";
import { ShopNotice } from "./ShopNotice.tsx";
import { basket, keepBasket } from "../store.ts";

/** In the fragment, so that "back" leads from the basket to the menu. */
const BASKET_VIEW = "#pedido";
const showsBasket = signal(location.hash === BASKET_VIEW);
addEventListener("hashchange", () => {
  showsBasket.value = location.hash === BASKET_VIEW;
  scrollTo({ top: 0, behavior: "instant" });
});

/** The product whose choices are made now. */
const choosing = signal<string | null>(null);

export function MenuPage() {
  useEffect(() => {
    resumePlacing();
    return followMenu();
  }, []);
  useForgetting();
  const shown = menu.value;
  // As it is now: it may change, or leave the menu, while somebody chooses.
  const chosen = choosing.value === null ? undefined : shown?.products.get(choosing.value);
  useEffect(() => {
    // Otherwise the dialog would come back with the product.
    if (shown && !chosen) choosing.value = null;
  }, [shown, chosen]);
  useTitle(shown ? `${isolated(shown.shopName)} · ${text.titles.customer}` : text.titles.customer);
  return (
    <>
      <TopBar title={<bdi>{shown?.shopName ?? "Comanda"}</bdi>} />
      <OwnOrders />
      {shown ? (
        <div class={showsBasket.value ? "shop shows-basket" : "shop"}>
          <div class="notices-above">
            <MenuNotice menu={shown} />
            <ShopNotice />
          </div>
          <MenuList menu={shown} onPick={pick} />
          <BasketView menu={shown} />
          {!showsBasket.value && <BasketBar menu={shown} />}
        </div>
      ) : (
        <MenuPlaceholder />
      )}
      {chosen && <ProductDialog key={chosen.productId} product={chosen} onClose={() => (choosing.value = null)} />}
    </>
  );
}

/** A refusal because the shop was closed is old news once it is open. */
function useForgetting(): void {
  const wasClosed = useRef(false);
  useSignalEffect(() => {
    const closed = closedBecause() !== null;
    if (wasClosed.current && !closed) forgetProblem(["SHOP_CLOSED", "SHOP_PAUSED"]);
    wasClosed.current = closed;
  });
}

function pick(product: Product): void {
  if (product.optionGroups.length > 0) {
    choosing.value = product.productId;
    return;
  }
  const { minorUnits } = unitPrice(product, []);
  const { productId, name } = product;
  const line = { productId, name, quantity: 1, optionIds: [], note: "", allergy: "", pickedPrice: minorUnits.toString() };
  keepBasket(add(basket.value, line));
}

function BasketBar({ menu }: { menu: Menu }) {
  const count = pieces(basket.value);
  if (count === 0) return null;
  const sum = total(price(basket.value, menu));
  return (
    <a class="basket-bar" href={BASKET_VIEW}>
      <Icon name="bag" />
      <span>{text.basket.open(count)}</span>
      <span class="price">{formatMoney({ currencyCode: menu.currencyCode, minorUnits: sum })}</span>
    </a>
  );
}
