// How urgent a ticket is, as the shop has chosen.

import { timestampMs } from "@bufbuild/protobuf/wkt";
import { computed } from "@preact/signals";
import type { Ticket } from "../../gen/comanda/kitchen/v1/ticket_pb.ts";
import { OrderState } from "../../gen/comanda/type/v1/order_state_pb.ts";
import { menu } from "../../lib/menu/held.ts";
import { businessDay } from "../../lib/time/hours.ts";
import { ageOf, USUAL, type Age } from "../../lib/time/age.ts";

export type Urgency = Age;

const FINE: Urgency = { level: "ok", lateBy: 0 };

/** A menu of an older release has none. */
const thresholds = computed(() => {
  const { warnMinutes: warn = 0, lateMinutes: late = 0 } = menu.value ?? {};
  return late > 0 ? { warn, late } : USUAL;
});

/** The kitchen hurries only with what it has not finished. */
export const isOpen = ({ state }: Ticket) => state === OrderState.RECEIVED || state === OrderState.PREPARING;

export function urgencyOf(ticket: Ticket, now: number | null): Urgency {
  if (now === null || !ticket.acceptTime || !isOpen(ticket)) return FINE;
  return ageOf(timestampMs(ticket.acceptTime), now, thresholds.value);
}

/** Nobody closes it but the staff. What is READY is closed for them. */
export function isFromEarlierDay(ticket: Ticket, now: number | null): boolean {
  const shop = menu.value;
  if (!isOpen(ticket) || !shop || !ticket.acceptTime || now === null) return false;
  const day = (ms: number) => businessDay(ms, shop.dayStartsMinute, shop.utcOffsets);
  return day(timestampMs(ticket.acceptTime)) < day(now);
}
