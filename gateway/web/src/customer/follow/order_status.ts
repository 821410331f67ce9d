// Follows one order by WatchOrder, and cancels it.

import { create } from "@bufbuild/protobuf";
import { timestampMs } from "@bufbuild/protobuf/wkt";
import { createClient } from "@connectrpc/connect";
import { signal, type ReadonlySignal } from "@preact/signals";
import { OrderService, WatchOrderResponseSchema } from "../../gen/comanda/orders/v1/order_service_pb.ts";
import type { Order } from "../../gen/comanda/orders/v1/order_pb.ts";
import { ServerClock } from "../../lib/time/clock.ts";
import { isRateLimited, isRefusal, lacksAccess } from "../../lib/call/errors.ts";
import { offsetsOf, shopOffsets } from "../../lib/time/zone.ts";
import { hearCurrency } from "../../lib/text/money.ts";
import { newRequestId } from "../../lib/call/request_id.ts";
import { untilAnswered } from "../../lib/call/retry.ts";
import { shared, type Stream } from "../../lib/call/share/shared.ts";
import { bearer, transport } from "../../lib/call/transport.ts";
import { keepWatching, type Attempt, type Health } from "../../lib/call/watch.ts";
import { isFinal, isViewOnly, newer } from "./order.ts";
import { followText } from "./follow_text.ts";

const SILENCE_MS = 3_000;

export interface Following {
  order: ReadonlySignal<Order | null>;
  health: ReadonlySignal<Health>;
  clock: ServerClock;
  /** True where the link was made for sharing: it cannot cancel. */
  viewOnly: boolean;
  tryNow(): void;
  /** Null when it worked, else why it did not. `crowded` hears until when a wait lasts, by performance.now(). */
  cancel(crowded: (until: number | null) => void): Promise<unknown>;
  stop(): void;
}

export function followOrder(orderId: string, token: string): Following {
  const client = createClient(OrderService, transport);
  const headers = bearer(token);
  const clock = new ServerClock();
  const order = signal<Order | null>(null);
  const apply = (told: Order | undefined) => {
    if (!told) return;
    hearCurrency(told.total?.currencyCode, told.currencyDigits);
    // This page has no menu that tells when the shop's clock is set.
    if (told.timeZone && told.updateTime) shopOffsets.value = offsetsOf(told.timeZone, timestampMs(told.updateTime));
    order.value = newer(order.peek(), told);
  };

  const stream: Stream<typeof WatchOrderResponseSchema> = {
    name: `WatchOrder ${orderId} ${token}`,
    schema: WatchOrderResponseSchema,
    open: (signal) => client.watchOrder({ orderId }, { signal, headers }),
    state: () => {
      const value = order.peek();
      return value ? [create(WatchOrderResponseSchema, { news: { case: "order", value } })] : [];
    },
  };

  async function visit({ signal, current }: Attempt): Promise<boolean> {
    for await (const { message, ageMs } of shared(stream, signal)) {
      const { news } = message;
      if (news.case === "order") apply(news.value);
      if (news.case === "heartbeat") clock.hear(news.value.serverTime);
      current(ageMs);
    }
    // The server ends the stream when nothing can change any more; any other end is a reason to come back.
    return order.peek() !== null && isFinal(order.peek()!.state);
  }

  async function ask(): Promise<void> {
    apply((await client.getOrder({ orderId }, { headers })).order);
  }

  // Kept while the outcome of a cancellation is unknown, so that tapping again is a repeat.
  let requestId: string | null = null;
  async function cancel(crowded: (until: number | null) => void): Promise<unknown> {
    const request = { requestId: (requestId ??= newRequestId()), orderId, reason: followText.cancelReason };
    try {
      const reply = await untilAnswered(() => client.cancelOrder(request, { headers }), {
        tries: 5,
        again: (error) => !lacksAccess(error),
        waits: (error, ms) => crowded(isRateLimited(error) ? performance.now() + ms : null),
      });
      apply(reply.order);
      return null;
    } catch (error) {
      if (isRefusal(error)) requestId = null;
      return error;
    }
  }

  const { health, tryNow, stop } = keepWatching(visit, { silenceMs: SILENCE_MS, ask });
  return { order, health, clock, viewOnly: isViewOnly(token), tryNow, cancel, stop };
}
