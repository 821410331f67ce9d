// Below the shop's name: that it is open, how long it takes, and the table at which the customer sits.

import { menu } from "../../lib/menu/menu.ts";
import { text } from "../../lib/text/text.ts";
import { Icon } from "../../ui/Icon.tsx";
import { waitWords } from "../basket/wait_words.ts";
import { quote } from "../basket/quoted.ts";
import { table } from "../checkout/table.ts";
import { basket } from "../store.ts";
import { closedBecause, openingWords } from "./shop_status.ts";

export function ShopFacts() {
  const wait = basket.value.length > 0 && quote.value && waitWords(quote.value);
  if (!menu.value) return null;
  return (
    <p class="shop-facts">
      {closedBecause() === null && <span class="shop-open">{openingWords()?.words ?? text.opening.open}</span>}
      {wait && (
        <span>
          <Icon name="clock" />
          {wait}
        </span>
      )}
      {table.value && (
        <span>
          <Icon name="table" />
          <bdi>{text.checkout.tableIs(table.value)}</bdi>
        </span>
      )}
    </p>
  );
}
