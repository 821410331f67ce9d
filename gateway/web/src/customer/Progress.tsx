// Where an order is: four steps, or the news that it was cancelled.

import type { Order } from "../gen/comanda/orders/v1/order_pb.ts";
import { OrderState } from "../gen/comanda/type/v1/order_state_pb.ts";
import { stateName } from "../lib/states.ts";
import { text } from "../lib/text.ts";

const STEPS = [OrderState.RECEIVED, OrderState.PREPARING, OrderState.READY, OrderState.COLLECTED];

export function Progress({ order }: { order: Order }) {
  if (order.state === OrderState.CANCELLED) {
    return (
      <div class="cancelled" role="status">
        <strong>{stateName(order.state)}</strong>
        <p>{text.follow.hint.cancelled}</p>
        {order.cancelReason && <p>{text.follow.reason(order.cancelReason)}</p>}
      </div>
    );
  }
  return (
    <>
      <ol class="steps" aria-label={text.follow.progress}>
        {STEPS.map((step) => (
          <li
            key={step}
            class={step < order.state ? "step-done" : undefined}
            aria-current={step === order.state ? "step" : undefined}
          >
            {stateName(step)}
          </li>
        ))}
      </ol>
      <p class="hint" role="status">
        {hint(order)}
      </p>
    </>
  );
}

function hint(order: Order): string {
  switch (order.state) {
    case OrderState.RECEIVED:
      return text.follow.hint.received;
    case OrderState.PREPARING:
      return text.follow.hint.preparing;
    case OrderState.READY:
      return order.serviceMode?.mode.case === "atTable" ? text.follow.hint.readyAtTable : text.follow.hint.ready;
    case OrderState.COLLECTED:
      return text.follow.hint.collected;
    default:
      return "";
  }
}
