// An order that becomes ready is felt and heard; one that is over is no longer among those under way.

import { useEffect, useRef } from "preact/hooks";
import type { Order } from "../../../gen/comanda/orders/v1/order_pb.ts";
import { OrderState } from "../../../gen/comanda/type/v1/order_state_pb.ts";
import { noteOver } from "../../store.ts";
import { isFinal } from "../order.ts";
import { soundReady } from "./sound.ts";

export function useTellTale(order: Order | null): void {
  const before = useRef<OrderState | undefined>(undefined);
  const state = order?.state;
  useEffect(() => {
    if (!order) return;
    // Whoever opens the page of an order that is ready already has it in hand.
    if (before.current !== undefined && state === OrderState.READY) {
      // Browsers forbid it, and complain, before the first tap.
      if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.([200, 100, 200]);
      soundReady();
    }
    before.current = state;
    if (isFinal(order.state)) noteOver(order.orderId, order.shopId);
  }, [state]);
}
