// When an order will be ready, as far as its shop knows. Pure.

import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { Order } from "../../../gen/comanda/orders/v1/order_pb.ts";
import { OrderState } from "../../../gen/comanda/type/v1/order_state_pb.ts";

export type Estimate = { kind: "between"; fromMs: number; toMs: number } | { kind: "almost" };

type Told = Pick<Order, "state" | "earliestReadyTime" | "latestReadyTime">;

/**
 * Nothing is counted down, so nothing gets negative: once it may be ready at any moment that is all there is to say. Null
 * where the shop has no word on it, or the order no longer waits.
 */
export function estimateOf({ state, earliestReadyTime, latestReadyTime }: Told, nowMs: number): Estimate | null {
  if (state !== OrderState.RECEIVED && state !== OrderState.PREPARING) return null;
  if (!earliestReadyTime || !latestReadyTime) return null;
  const fromMs = timestampMs(earliestReadyTime);
  // To the end of its minute: nobody is promised less than it takes.
  const toMs = Math.ceil(timestampMs(latestReadyTime) / 60_000) * 60_000;
  return nowMs < fromMs ? { kind: "between", fromMs, toMs } : { kind: "almost" };
}
