// Where an order is: four steps, or the news that it was cancelled.

import type { Order } from "../../gen/comanda/orders/v1/order_pb.ts";
import { OrderState } from "../../gen/comanda/type/v1/order_state_pb.ts";
import { isolated } from "../../lib/text/foreign.ts";
import { stateName } from "../../lib/text/states.ts";
import { Icon, type IconName } from "../../ui/Icon.tsx";
import { followText } from "./follow_text.ts";

const STEPS: Array<[OrderState, IconName]> = [
  [OrderState.RECEIVED, "receipt"],
  [OrderState.PREPARING, "cup"],
  [OrderState.READY, "bell"],
  [OrderState.COLLECTED, "check"],
];

export function Progress({ order }: { order: Order }) {
  if (order.state === OrderState.CANCELLED) {
    return (
      <div class="cancelled" role="status">
        <strong>
          <Icon name="close" />
          {stateName(order.state)}
        </strong>
        <p>{followText.hint.cancelled}</p>
        {order.cancelReason && <p>{followText.reason(isolated(order.cancelReason))}</p>}
      </div>
    );
  }
  return (
    <>
      <p class="hint" role="status">
        {hint(order)}
      </p>
      <ol class="steps" aria-label={followText.progress}>
        {STEPS.map(([step, icon]) => (
          <li
            key={step}
            class={step < order.state ? "step-done" : undefined}
            aria-current={step === order.state ? "step" : undefined}
          >
            <span class="step-mark">
              <Icon name={step < order.state ? "check" : icon} />
            </span>
            {stateName(step)}
          </li>
        ))}
      </ol>
    </>
  );
}

function hint(order: Order): string {
  switch (order.state) {
    case OrderState.RECEIVED:
      return followText.hint.received;
    case OrderState.PREPARING:
      return followText.hint.preparing;
    case OrderState.READY:
      return order.serviceMode?.mode.case === "atTable" ? followText.hint.readyAtTable : followText.hint.ready;
    case OrderState.COLLECTED:
      return followText.hint.collected;
    default:
      return "";
  }
}
