// Whose lines a tablet ticks, and what its button does. A tablet of some stations says of its own lines that they are done;
// that the whole ticket is, it says only when no line of it is open.

import type { Ticket, TicketLine } from "../../gen/comanda/kitchen/v1/ticket_pb.ts";
import { OrderState } from "../../gen/comanda/type/v1/order_state_pb.ts";

/** A line without stations is everybody's. */
export function isElsewhere({ stations }: Pick<TicketLine, "stations">, shown: readonly string[]): boolean {
  return shown.length > 0 && stations.length > 0 && !stations.some((station) => shown.includes(station));
}

/** Whether one of these stations prepares some of it; all tickets are anybody's where none is chosen. */
export function isPreparedBy({ lines }: { lines: readonly Pick<TicketLine, "stations">[] }, shown: readonly string[]): boolean {
  return shown.length === 0 || lines.some((line) => !isElsewhere(line, shown));
}

export type Next =
  | { tap: "step" }
  /** These lines are done here. */
  | { tap: "lines"; lines: TicketLine[] }
  /** Until those are done elsewhere. */
  | { tap: "none"; waitsFor: string[] };

export function nextOf(ticket: Pick<Ticket, "state" | "lines">, shown: readonly string[]): Next {
  if (ticket.state !== OrderState.PREPARING || shown.length === 0) return { tap: "step" };
  const open = ticket.lines.filter((line) => !line.done);
  const own = open.filter((line) => !isElsewhere(line, shown));
  if (own.length > 0) return { tap: "lines", lines: own };
  if (open.length === 0) return { tap: "step" };
  return { tap: "none", waitsFor: [...new Set(open.flatMap((line) => line.stations))].sort() };
}

export interface Progress {
  station: string;
  done: number;
  all: number;
}

/** How many of its lines each station has done, sorted by station. What anybody prepares is nobody's here. */
export function progressOf({ lines }: { lines: readonly Pick<TicketLine, "stations" | "done">[] }): Progress[] {
  const stations = [...new Set(lines.flatMap((line) => line.stations))].sort();
  return stations.map((station) => {
    const own = lines.filter((line) => line.stations.includes(station));
    return { station, done: own.filter((line) => line.done).length, all: own.length };
  });
}
