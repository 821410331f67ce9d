// What is in the basket, what it costs, and the form that turns it into an order. It comes once something is picked.

import { formatMoney } from "../../lib/text/money.ts";
import type { Menu } from "../../lib/menu/resolve.ts";
import { text } from "../../lib/text/text.ts";
import { Icon } from "../../ui/Icon.tsx";
import { Checkout } from "../checkout/Checkout.tsx";
import type { PricedLine } from "./basket.ts";
import { BasketLineRow } from "./BasketLineRow.tsx";
import { useQuote } from "./quote.ts";
import { quote, quotedTotal } from "./quoted.ts";
import { waitWords } from "./wait_words.ts";

export function BasketContents({ lines, menu }: { lines: readonly PricedLine[]; menu: Menu }) {
  useQuote(lines);
  const wait = lines.length > 0 && quote.value && waitWords(quote.value);
  return (
    <>
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
          <strong>{formatMoney({ currencyCode: menu.currencyCode, minorUnits: quotedTotal(lines) })}</strong>
        </p>
      )}
      {wait && (
        <p class="wait">
          <Icon name="clock" />
          {wait}
        </p>
      )}
      <Checkout lines={lines} menu={menu} />
    </>
  );
}
