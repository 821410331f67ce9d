// What was ordered, at the prices of then.

import type { Order } from "../../gen/comanda/orders/v1/order_pb.ts";
import { isolated } from "../../lib/text/foreign.ts";
import { formatMoney } from "../../lib/text/money.ts";
import { text } from "../../lib/text/text.ts";
import { followText } from "./follow_text.ts";

export function OrderLines({ order }: { order: Order }) {
  return (
    <section class="order-lines">
      <h2>{followText.lines}</h2>
      <ul>
        {order.lines.map((line, index) => (
          <li key={index}>
            <span class="line-name">
              {line.quantity} × <bdi>{line.name}</bdi>
            </span>
            {line.unitPrice && (
              <span class="price">
                {formatMoney({ ...line.unitPrice, minorUnits: line.unitPrice.minorUnits * BigInt(line.quantity) })}
              </span>
            )}
            {line.options.length > 0 && (
              <span class="line-options">{line.options.map((option) => isolated(option.name)).join(", ")}</span>
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
