// What the one button of a ticket says.

import { OrderState } from "../../gen/comanda/type/v1/order_state_pb.ts";
import { isolated } from "../../lib/text/foreign.ts";
import { staffText } from "../../lib/text/staff_text.ts";
import type { Next } from "./lines.ts";

export function labelOf(next: Next, state: OrderState): string {
  if (next.tap === "lines") return staffText.stations.done;
  if (next.tap === "none") return staffText.stations.waitsFor(next.waitsFor.map(isolated).join(", "));
  return advanceLabel(state);
}

function advanceLabel(state: OrderState): string {
  switch (state) {
    case OrderState.RECEIVED:
      return staffText.board.start;
    case OrderState.PREPARING:
      return staffText.board.ready;
    case OrderState.READY:
      return staffText.board.collect;
    case OrderState.CANCELLED:
      return staffText.board.acknowledge;
    default:
      return "";
  }
}
