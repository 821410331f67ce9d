// Menu and basket: side by side on wide screens, one at a time on phones.

import { signal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { showBrand } from "../../lib/brand.ts";
import { isolated } from "../../lib/text/foreign.ts";
import { followMenu, menu } from "../../lib/menu/menu.ts";
import type { Menu, Product } from "../../lib/menu/resolve.ts";
import { prepareMoney } from "../../lib/text/money.ts";
import { text } from "../../lib/text/text.ts";
import { useTitle } from "../../ui/useTitle.ts";
import { add, takeBack } from "../basket/basket.ts";
import { BasketBar } from "../basket/BasketBar.tsx";
import { BasketContents, BasketView } from "../basket/BasketView.tsx";
import { forgetProblem, resumePlacing } from "../checkout/placing.ts";
import { unitPrice } from "../basket/pricing.ts";
import { lazily, whenIdle } from "../../lib/lazily.tsx";
import { drawingOf } from "../product/drawing_of.ts";
import { ShopHead } from "../ShopHead.tsx";
import { basket, keepBasket } from "../store.ts";
import { MenuList } from "./MenuList.tsx";
import { MissingNotice } from "./MissingNotice.tsx";
import { MenuNotice, MenuPlaceholder } from "./MenuNotice.tsx";
import { OwnOrders } from "./OwnOrders.tsx";
import { ShopFacts } from "./ShopFacts.tsx";
import { ShopNotice } from "./ShopNotice.tsx";
import { closedBecause } from "./shop_status.ts";

/** In the fragment, so that "back" leads from the basket to the menu. */
const BASKET_VIEW = "#pedido";
const showsBasket = signal(location.hash === BASKET_VIEW);
addEventListener("hashchange", () => {
  showsBasket.value = location.hash === BASKET_VIEW;
  scrollTo({ top: 0, behavior: "instant" });
});

/** The product whose choices are made now. */
const choosing = signal<string | null>(null);
const ProductDialog = lazily(async () => (await import("../product/ProductDialog.tsx")).ProductDialog);

export function MenuPage() {
  useEffect(() => {
    void resumePlacing();
    const stop = followMenu();
    // While the menu is on its way.
    prepareMoney();
    ProductDialog.load();
    return stop;
  }, []);
  useForgetting();
  const shown = menu.value;
  useEffect(() => {
    if (!shown) return;
    showBrand(shown.brandColor);
    whenIdle(BasketContents.load);
  }, [shown?.brandColor]);
  useTitle(shown ? `${isolated(shown.shopName)} · ${text.titles.customer}` : text.titles.customer);
  return (
    <div class={showsBasket.value ? "customer shows-basket" : "customer"}>
      <ShopHead name={shown?.shopName ?? "Comanda"} logoUrl={shown?.logoUrl} coverUrl={shown?.coverUrl}>
        <ShopFacts />
      </ShopHead>
      <OwnOrders />
      {shown ? (
        <div class="shop">
          <div class="notices-above">
            <MenuNotice menu={shown} />
            <ShopNotice />
            <MissingNotice />
          </div>
          <MenuList menu={shown} actions={actions} />
          <BasketView menu={shown} />
          {!showsBasket.value && <BasketBar menu={shown} href={BASKET_VIEW} />}
        </div>
      ) : (
        <MenuPlaceholder />
      )}
      {shown && <Choosing menu={shown} />}
    </div>
  );
}

/** Apart from the page, which would be drawn again before a tap is answered. */
function Choosing({ menu }: { menu: Menu }) {
  // As it is now: it may change, or leave the menu, while somebody chooses.
  const chosen = choosing.value === null ? undefined : menu.products.get(choosing.value);
  useEffect(() => {
    // Otherwise the dialog would come back with the product.
    if (!chosen) choosing.value = null;
  }, [chosen]);
  if (!chosen) return null;
  return (
    <ProductDialog
      key={chosen.productId}
      product={chosen}
      drawing={drawingOf(chosen.name, categoryOf(menu, chosen))}
      onClose={() => (choosing.value = null)}
    />
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

const actions = {
  open(product: Product): void {
    choosing.value = product.productId;
  },
  add(product: Product): void {
    if (product.optionGroups.length > 0) return actions.open(product);
    const { minorUnits } = unitPrice(product, []);
    const wishes = { optionIds: [], note: "", allergy: "", pickedPrice: minorUnits.toString() };
    keepBasket(add(basket.value, { productId: product.productId, name: product.name, quantity: 1, ...wishes }));
  },
  takeBack(product: Product): void {
    keepBasket(takeBack(basket.value, product.productId));
  },
};

function categoryOf({ categories }: Menu, product: Product): string {
  return categories.find(({ products }) => products.includes(product))?.name ?? "";
}
