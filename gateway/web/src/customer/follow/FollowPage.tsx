// One order, live, at `/acompanhar#<order_id>.<token>`.

import { useEffect, useMemo } from "preact/hooks";
import { OrderState } from "../../gen/comanda/type/v1/order_state_pb.ts";
import type { Order } from "../../gen/comanda/orders/v1/order_pb.ts";
import { explain } from "../../lib/call/errors.ts";
import { isolated } from "../../lib/text/foreign.ts";
import { menuLink } from "../../lib/shop.ts";
import { stateName } from "../../lib/text/states.ts";
import { text } from "../../lib/text/text.ts";
import { StateMessage } from "../../ui/state/StateMessage.tsx";
import { StaleBanner, StatusPill } from "../../ui/state/StatusPill.tsx";
import { TopBar } from "../../ui/TopBar.tsx";
import { useTitle } from "../../ui/useTitle.ts";
import { WatchMessage } from "../../ui/state/WatchMessage.tsx";
import { CancelOrder } from "./CancelOrder.tsx";
import { followOrder, type Following } from "./order_status.ts";
import { isFinal, parseFragment } from "../basket/order.ts";
import { OrderLines } from "./OrderLines.tsx";
import { Progress } from "./Progress.tsx";
import { noteOver } from "../store.ts";
import { followText } from "./follow_text.ts";

export function FollowPage() {
  const following = useMemo(() => {
    const link = parseFragment(location.hash);
    return link && followOrder(link.orderId, link.token);
  }, []);
  useEffect(() => {
    // Another order's link pasted into this tab changes only the fragment.
    const reload = () => location.reload();
    addEventListener("hashchange", reload);
    return () => {
      removeEventListener("hashchange", reload);
      following?.stop();
    };
  }, [following]);
  return (
    <>
      <TopBar title="Comanda" />
      <main class="follow">
        {following ? <FollowedOrder following={following} /> : <NotShown why={followText.brokenLink} />}
        <a class="again" href={menuLink(following?.order.value?.shopId)}>
          {followText.again}
        </a>
      </main>
    </>
  );
}

function NotShown({ why }: { why: string }) {
  useTitle(text.titles.customer);
  return <StateMessage kind="error" title={followText.failed} detail={why} />;
}

function FollowedOrder({ following }: { following: Following }) {
  const order = following.order.value;
  const health = following.health.value;
  useTitle(order ? followText.pageTitle(order.number.toString(), stateName(order.state)) : text.titles.customer);
  useTellTale(order);
  if (health.state === "refused" && !order) return <NotShown why={explain(health.error)} />;
  if (!order) return <WatchMessage health={health} loading={followText.loading} onRetry={following.tryNow} />;
  const mode = order.serviceMode?.mode;
  return (
    <article class={health.state === "lost" || health.state === "refused" ? "is-stale" : undefined}>
      <StaleBanner health={health} clock={following.clock} />
      <header class={`slip state-${order.state}`}>
        <p class="slip-heading">{followText.heading}</p>
        <p class="number">{order.number.toString()}</p>
        <p class="slip-who">
          <bdi>{order.customerName}</bdi>
          {mode?.case === "atTable" && ` · ${followText.table(isolated(mode.value.table))}`}
        </p>
        <Progress order={order} />
        <StatusPill health={following.health} clock={following.clock} />
      </header>
      <OrderLines order={order} />
      {!following.viewOnly && <CancelOrder possible={order.state === OrderState.RECEIVED} cancel={following.cancel} />}
    </article>
  );
}

/** A phone buzzes when the order becomes ready; one that is over is no longer among those under way. */
function useTellTale(order: Order | null): void {
  const state = order?.state;
  useEffect(() => {
    if (!order) return;
    // Browsers forbid it, and complain, before the first tap.
    if (state === OrderState.READY && navigator.userActivation?.hasBeenActive) navigator.vibrate?.([200, 100, 200]);
    if (isFinal(order.state)) noteOver(order.orderId, order.shopId);
  }, [state]);
}
