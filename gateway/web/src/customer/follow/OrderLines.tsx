// What was ordered, at the prices of then.

import type { Order, OrderLine } from "../../gen/comanda/orders/v1/order_pb.ts";
import { isolated } from "../../lib/text/foreign.ts";
import { formatMoney } from "../../lib/text/money.ts";
import { text } from "../../lib/text/text.ts";
import { followText } from "./follow_text.ts";
import { shop, translated } from "./shop.ts";

export function OrderLines({ order }: { order: Order }) {
  return (
    <section class="order-lines">
      <h2>{followText.lines}</h2>
      <ul>
        {order.lines.map((line, index) => (
          <li key={index}>
            <span class="line-name">
              {line.quantity} × <bdi>{nameNow(line)}</bdi>
            </span>
            {line.unitPrice && (
              <span class="price">
                {formatMoney({ ...line.unitPrice, minorUnits: line.unitPrice.minorUnits * BigInt(line.quantity) })}
              </span>
            )}
            {line.options.length > 0 && (
              <span class="line-options">{optionNames(line).map(isolated).join(", ")}</span>
            )}
            {line.allergy && (
              <span class="line-allergy">
                {text.choice.allergy}: <bdi>{line.allergy}</bdi>
              </span>
            )}
            {line.note && (
              <span class="line-options">
                “<bdi>{line.note}</bdi>”
              </span>
            )}
          </li>
        ))}
      </ul>
      {order.total && (
        <p class="total">
          <span>{text.basket.total}</span>
          <strong>{formatMoney(order.total)}</strong>
        </p>
      )}
    </section>
  );
}

/** In the language of the page, unless the shop calls it something else by now. */
function nameNow({ productId, name }: OrderLine): string {
  const product = shop.value?.products.get(productId);
  return (product?.name === name && translated(product)?.name) || name;
}

function optionNames({ productId, options }: OrderLine): string[] {
  const offered = shop.value?.products.get(productId)?.optionGroups.flatMap((group) => group.options) ?? [];
  return options.map(({ optionId, name }) => {
    const option = offered.find((one) => one.optionId === optionId && one.name === name);
    return (option && translated(option)?.name) || name;
  });
}
