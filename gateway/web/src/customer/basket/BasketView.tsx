// The basket: lines, total, and the form that turns it into an order.

import { formatMoney } from "../../lib/text/money.ts";
import type { Menu } from "../../lib/menu/resolve.ts";
import { text } from "../../lib/text/text.ts";
import { Icon } from "../../ui/Icon.tsx";
import { StateMessage } from "../../ui/state/StateMessage.tsx";
import { price, total } from "./basket.ts";
import { BasketLineRow } from "./BasketLineRow.tsx";
import { Checkout } from "./Checkout.tsx";
import { placing } from "./place.ts";
import { basket } from "../store.ts";

export function BasketView({ menu }: { menu: Menu }) {
  const lines = price(basket.value, menu);
  const sum = total(lines);
  return (
    <aside class="basket" aria-labelledby="basket-title">
      <a class="back" href="#">
        <Icon name="back" />
        {text.action.back}
      </a>
      <h2 id="basket-title">{text.basket.title}</h2>
      {lines.length === 0 && placing.value.state === "idle" && (
        <StateMessage kind="empty" title={text.basket.empty} detail={text.basket.emptyDetail} />
      )}
      <ul class="basket-lines">
        {lines.map((line, index) => (
          <BasketLineRow
            key={`${line.productId} ${line.optionIds.join()} ${index}`}
            line={line}
            index={index}
            currencyCode={menu.currencyCode}
          />
        ))}
      </ul>
      {lines.length > 0 && (
        <p class="total">
          <span>{text.basket.total}</span>
          <strong>{formatMoney({ currencyCode: menu.currencyCode, minorUnits: sum })}</strong>
        </p>
      )}
      <Checkout lines={lines} currencyCode={menu.currencyCode} />
    </aside>
  );
}
