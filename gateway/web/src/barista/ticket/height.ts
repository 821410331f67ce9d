// How high a card will be, before it is drawn: what is far from the screen is not. Once drawn it is measured.

import type { Ticket, TicketLine } from "../../gen/comanda/kitchen/v1/ticket_pb.ts";

/** Pixels, as in ticket.css. */
const HEAD = 44 + 24 + 8;
const BUTTON = 64 + 2;
const LINE = 48;
const OPTION = 24;
const BOX = 44;

export const HEIGHT_ON_RAIL = 76;

export function heightOfCard({ lines }: Pick<Ticket, "lines">): number {
  return HEAD + BUTTON + lines.reduce((sum, line) => sum + heightOfLine(line), 0);
}

function heightOfLine({ options, note, allergy }: TicketLine): number {
  return LINE + options.length * OPTION + (note ? BOX : 0) + (allergy ? BOX : 0);
}
