// One order, live, at `/acompanhar#<order_id>.<token>`.

import { useEffect, useMemo } from "preact/hooks";
import { OrderState } from "../gen/comanda/type/v1/order_state_pb.ts";
import type { Order } from "../gen/comanda/orders/v1/order_pb.ts";
import { explain } from "../lib/errors.ts";
import { formatMoney } from "../lib/money.ts";
import { stateName } from "../lib/states.ts";
import { text } from "../lib/text.ts";
import { StatusPill } from "../ui/StatusPill.tsx";
import { CancelOrder } from "./CancelOrder.tsx";
import { followOrder, type Following } from "./follow.ts";
import { isFinal, parseFragment } from "./order.ts";
import { Progress } from "./Progress.tsx";
import { forgetLastOrder, lastOrder } from "./store.ts";

// Another order's link pasted into this tab changes only the fragment.
addEventListener("hashchange", () => location.reload());

export function FollowPage() {
  const following = useMemo(() => {
    const link = parseFragment(location.hash);
    return link && followOrder(link.orderId, link.token);
  }, []);
  useEffect(() => () => following?.stop(), [following]);
  return (
    <main class="follow">
      {following ? <FollowedOrder following={following} /> : <p>{text.follow.brokenLink}</p>}
      <a class="again" href="/">
        {text.follow.again}
      </a>
    </main>
  );
}

function FollowedOrder({ following }: { following: Following }) {
  const order = following.order.value;
  const health = following.health.value;
  useTellTale(order);
  if (!order) {
    return health.state === "refused" ? (
      <p class="error" role="alert">
        {explain(health.error)}
      </p>
    ) : (
      <p class="loading">
        {text.follow.loading} <StatusPill health={following.health} />
      </p>
    );
  }
  return (
    <article class={health.state === "lost" || health.state === "refused" ? "is-stale" : undefined}>
      <header>
        <p class="follow-heading">{text.follow.heading}</p>
        <p class="number">{order.number.toString()}</p>
        <p class="follow-who">
          {order.customerName}
          {order.serviceMode?.mode.case === "atTable" && ` · ${text.follow.table(order.serviceMode.mode.value.table)}`}
        </p>
        <StatusPill health={following.health} />
      </header>
      <Progress order={order} />
      <ul class="follow-lines">
        {order.lines.map((line, index) => (
          <li key={index}>
            <span class="line-name">
              {line.quantity} × {line.name}
            </span>
            {line.unitPrice && (
              <span class="price">
                {formatMoney({ ...line.unitPrice, minorUnits: line.unitPrice.minorUnits * BigInt(line.quantity) })}
              </span>
            )}
            {line.options.length > 0 && (
              <span class="line-options">{line.options.map((option) => option.name).join(", ")}</span>
            )}
            {line.note && <span class="line-options">“{line.note}”</span>}
          </li>
        ))}
      </ul>
      {order.total && (
        <p class="total">
          <span>{text.basket.total}</span>
          <strong>{formatMoney(order.total)}</strong>
        </p>
      )}
      <CancelOrder possible={order.state === OrderState.RECEIVED} cancel={following.cancel} />
    </article>
  );
}

/** The tab's title tells the state; a phone buzzes when the order becomes ready. */
function useTellTale(order: Order | null): void {
  const state = order?.state;
  useEffect(() => {
    if (!order) return;
    document.title = text.follow.pageTitle(order.number.toString(), stateName(order.state));
    // Browsers forbid it, and complain, before the first tap.
    if (state === OrderState.READY && navigator.userActivation?.hasBeenActive) navigator.vibrate?.([200, 100, 200]);
    if (isFinal(order.state) && lastOrder.peek()?.fragment.startsWith(order.orderId)) forgetLastOrder();
  }, [state]);
}
