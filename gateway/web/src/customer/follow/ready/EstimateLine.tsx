// "Ready between 12:04 and 12:09", by the clock on the shop's wall.

import type { Order } from "../../../gen/comanda/orders/v1/order_pb.ts";
import { hourAndMinute, seconds, type ServerClock } from "../../../lib/time/clock.ts";
import { serverNow } from "../../../lib/time/server_time.ts";
import { Icon } from "../../../ui/Icon.tsx";
import { followText } from "../follow_text.ts";
import { estimateOf, type Estimate } from "./estimate.ts";

export function EstimateLine({ order, clock }: { order: Order; clock: ServerClock }) {
  const estimate = estimateOf(order, clock.at(seconds.value) ?? serverNow());
  return (
    <p class="estimate" role="status">
      {estimate && (
        <>
          <Icon name="clock" />
          {words(estimate)}
        </>
      )}
    </p>
  );
}

function words(estimate: Estimate): string {
  if (estimate.kind === "almost") return followText.almostReady;
  return followText.readyBetween(hourAndMinute(estimate.fromMs), hourAndMinute(estimate.toMs));
}
