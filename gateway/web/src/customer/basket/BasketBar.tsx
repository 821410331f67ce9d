// On phones, below the menu: what is in the basket, and the way to it.

import { formatMoney } from "../../lib/text/money.ts";
import type { Menu } from "../../lib/menu/resolve.ts";
import { text } from "../../lib/text/text.ts";
import { Icon } from "../../ui/Icon.tsx";
import { pieces, price } from "./basket.ts";
import { quotedTotal } from "./quoted.ts";
import { basket } from "../store.ts";

export function BasketBar({ menu, href }: { menu: Menu; href: string }) {
  const count = pieces(basket.value);
  if (count === 0) return null;
  const minorUnits = quotedTotal(price(basket.value, menu));
  return (
    <a class="basket-bar" href={href}>
      <Icon name="bag" />
      <span>{text.basket.open(count)}</span>
      <span class="price">{formatMoney({ currencyCode: menu.currencyCode, minorUnits })}</span>
    </a>
  );
}
