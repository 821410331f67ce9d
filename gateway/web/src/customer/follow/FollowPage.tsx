// One order, live, at `/acompanhar#<order_id>.<token>`.

import { useEffect, useMemo } from "preact/hooks";
import { OrderState } from "../../gen/comanda/type/v1/order_state_pb.ts";
import { explain, supportCode } from "../../lib/call/errors.ts";
import { isolated } from "../../lib/text/foreign.ts";
import { menuLink } from "../../lib/shop.ts";
import { stateName } from "../../lib/text/states.ts";
import { text } from "../../lib/text/text.ts";
import { StateMessage } from "../../ui/state/StateMessage.tsx";
import { StaleBanner, StatusPill } from "../../ui/state/StatusPill.tsx";
import { SupportCode } from "../../ui/SupportCode.tsx";
import { useTitle } from "../../ui/useTitle.ts";
import { WatchMessage } from "../../ui/state/WatchMessage.tsx";
import { CancelOrder } from "./CancelOrder.tsx";
import { followOrder, type Following } from "./order_status.ts";
import { isFinal, parseFragment } from "./order.ts";
import { OrderAgain } from "./again/OrderAgain.tsx";
import { OrderLines } from "./OrderLines.tsx";
import { PaymentLine } from "../PaymentLine.tsx";
import { Progress } from "./Progress.tsx";
import { EstimateLine } from "./ready/EstimateLine.tsx";
import { SoundSwitch } from "./ready/SoundSwitch.tsx";
import { useTellTale } from "./ready/useTellTale.ts";
import { ShareOrder } from "./ShareOrder.tsx";
import { shop, translated, useShop } from "./shop.ts";
import { ShopHead } from "../ShopHead.tsx";
import { sharedFragment } from "../store.ts";
import { followText } from "./follow_text.ts";

export function FollowPage() {
  const link = useMemo(() => parseFragment(location.hash), []);
  const following = useMemo(() => link && followOrder(link.orderId, link.token), [link]);
  useEffect(() => {
    // Another order's link pasted into this tab changes only the fragment.
    const reload = () => location.reload();
    addEventListener("hashchange", reload);
    return () => {
      removeEventListener("hashchange", reload);
      following?.stop();
    };
  }, [following]);
  const shopId = following?.order.value?.shopId;
  const seller = useShop(shopId);
  return (
    <>
      <ShopHead name={seller?.shopName ?? "Comanda"} logoUrl={seller?.logoUrl} />
      <main class="follow">
        {following ? <FollowedOrder following={following} /> : <NotShown why={followText.brokenLink} />}
        <a class="again" href={menuLink(shopId)}>
          {followText.again}
        </a>
      </main>
    </>
  );
}

function NotShown({ why, code }: { why: string; code?: string }) {
  useTitle(text.titles.customer);
  return (
    <StateMessage kind="error" title={followText.failed} detail={why}>
      <SupportCode code={code} />
    </StateMessage>
  );
}

function FollowedOrder({ following }: { following: Following }) {
  const order = following.order.value;
  const health = following.health.value;
  useTitle(order ? followText.pageTitle(order.number.toString(), stateName(order.state)) : text.titles.customer);
  useTellTale(order);
  if (health.state === "refused" && !order) return <NotShown why={explain(health.error)} code={supportCode(health.error)} />;
  if (!order) return <WatchMessage health={health} loading={followText.loading} onRetry={following.tryNow} />;
  const mode = order.serviceMode?.mode;
  const isOver = isFinal(order.state);
  const number = order.number.toString();
  // Whoever was sent the link may hand it on.
  const fragment = following.viewOnly ? location.hash.slice(1) : sharedFragment(order.orderId, order.shopId);
  const payment = shop.value && (translated(shop.value)?.paymentText || shop.value.paymentText);
  return (
    <article class={health.state === "lost" || health.state === "refused" ? "is-stale" : undefined}>
      <StaleBanner health={health} clock={following.clock} />
      <header class={`slip state-${order.state}`}>
        <p class="slip-heading">{followText.heading}</p>
        <p class="number">{number}</p>
        <p class="slip-who">
          <bdi>{order.customerName}</bdi>
          {mode?.case === "atTable" && ` · ${followText.table(isolated(mode.value.table))}`}
        </p>
        <Progress order={order} />
        <EstimateLine order={order} clock={following.clock} />
        <StatusPill health={following.health} clock={following.clock} />
      </header>
      <div class="order-tools">
        {(order.state === OrderState.RECEIVED || order.state === OrderState.PREPARING) && <SoundSwitch />}
        {fragment && <ShareOrder fragment={fragment} number={number} />}
      </div>
      <OrderLines order={order} />
      {!isOver && payment && <PaymentLine words={payment} />}
      {!following.viewOnly && <CancelOrder possible={order.state === OrderState.RECEIVED} cancel={following.cancel} />}
      {isOver && <OrderAgain order={order} />}
    </article>
  );
}
