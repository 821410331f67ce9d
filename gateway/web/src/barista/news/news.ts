// What is new on the board, for whoever does not look: orders that came, that changed, and that were cancelled. Pure.

import type { Ticket } from "../../gen/comanda/kitchen/v1/ticket_pb.ts";
import { OrderState } from "../../gen/comanda/type/v1/order_state_pb.ts";

export type Kind = "new" | "changed" | "cancelled";

export interface News {
  kind: Kind;
  ticket: Ticket;
}

/** Between one board and the next. Steps and ticks are no news: they are the kitchen's own work. */
export function newsOf(before: readonly Ticket[], now: readonly Ticket[]): News[] {
  const earlier = new Map(before.map((ticket) => [ticket.orderId, ticket]));
  return now.flatMap((ticket) => {
    const kind = kindOf(earlier.get(ticket.orderId), ticket);
    return kind ? [{ kind, ticket }] : [];
  });
}

function kindOf(before: Ticket | undefined, now: Ticket): Kind | null {
  if (!before) return now.state === OrderState.RECEIVED ? "new" : null;
  if (before === now || before.revision === now.revision) return null;
  if (now.state === OrderState.CANCELLED) return before.state === OrderState.CANCELLED ? null : "cancelled";
  return contentOf(before) === contentOf(now) ? null : "changed";
}

/** What somebody asked for, and for whom. */
function contentOf({ customerName, serviceMode, lines }: Ticket): string {
  const mode = serviceMode?.mode;
  const table = mode?.case === "atTable" ? mode.value.table : "";
  const asked = lines.map(({ name, quantity, options, note, allergy }) => [name, quantity, options, note, allergy]);
  return JSON.stringify([customerName, mode?.case, table, asked]);
}
