// What the one button of a ticket says.

import { OrderState } from "../../gen/comanda/type/v1/order_state_pb.ts";
import { isolated } from "../../lib/text/foreign.ts";
import { boardText } from "../../lib/text/board_text.ts";
import type { Next } from "./lines.ts";

export function labelOf(next: Next, state: OrderState): string {
  if (next.tap === "lines") return boardText.stations.done;
  if (next.tap === "none") return boardText.stations.waitsFor(next.waitsFor.map(isolated).join(", "));
  return advanceLabel(state);
}

function advanceLabel(state: OrderState): string {
  switch (state) {
    case OrderState.RECEIVED:
      return boardText.board.start;
    case OrderState.PREPARING:
      return boardText.board.ready;
    case OrderState.READY:
      return boardText.board.collect;
    case OrderState.CANCELLED:
      return boardText.board.acknowledge;
    default:
      return "";
  }
}
