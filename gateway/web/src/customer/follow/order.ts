// What a page knows about one order without asking anybody. Pure.

import type { Order } from "../../gen/comanda/orders/v1/order_pb.ts";
import { OrderState } from "../../gen/comanda/type/v1/order_state_pb.ts";

/** `<order_id>.<token>`; the token may contain dots. */
export function parseFragment(hash: string): { orderId: string; token: string } | null {
  const match = /^#?([0-9a-f-]{36})\.([\x21-\x7e]+)$/i.exec(hash);
  return match && { orderId: match[1]!, token: match[2]! };
}

/** A link made for sharing shows the order, and no more. */
export function isViewOnly(token: string): boolean {
  return token.split(".")[1] === "v";
}

/** Replies and news may arrive in any order; the higher revision is the later one. */
export function newer(held: Order | null, told: Order): Order {
  return held && held.revision >= told.revision ? held : told;
}

export function isFinal(state: OrderState): boolean {
  return state === OrderState.CANCELLED || state === OrderState.COLLECTED;
}
