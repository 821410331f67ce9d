// The names of the states, for screens.

import { OrderState } from "../../gen/comanda/type/v1/order_state_pb.ts";
import { text } from "./text.ts";

export function stateName(state: OrderState): string {
  switch (state) {
    case OrderState.RECEIVED:
      return text.states.received;
    case OrderState.PREPARING:
      return text.states.preparing;
    case OrderState.READY:
      return text.states.ready;
    case OrderState.COLLECTED:
      return text.states.collected;
    case OrderState.CANCELLED:
      return text.states.cancelled;
    default:
      return "";
  }
}
