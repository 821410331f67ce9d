// The board as the taps so far will make it.

import { computed, type ReadonlySignal } from "@preact/signals";
import type { Ticket } from "../../gen/comanda/kitchen/v1/ticket_pb.ts";
import { isWaiting, withTaps, type Tap } from "./tap.ts";

type Tickets = readonly Ticket[];

export interface Projected {
  /** In order of acceptance; null before the board is known. */
  tickets: ReadonlySignal<Tickets | null>;
  /** Ids of orders with a tap that is not answered yet. */
  waiting: ReadonlySignal<ReadonlySet<string>>;
  /** The tap brings a ticket back that has left the board. */
  bringsBack(requestId: string, ticket: Ticket): void;
}

export function projectTaps(told: ReadonlySignal<Tickets | null>, taps: ReadonlySignal<readonly Tap[]>): Projected {
  const returning = new Map<string, Ticket>();
  const tickets = computed(() => {
    const board = told.value;
    if (!board) return null;
    const back = taps.value.filter(isWaiting).flatMap(({ requestId }) => returning.get(requestId) ?? []);
    const missing = back.filter(({ orderId }) => !board.some((ticket) => ticket.orderId === orderId));
    return withTaps([...board, ...missing], taps.value).sort((a, b) => Number(a.acceptedSeq - b.acceptedSeq));
  });
  const waiting = computed(() => new Set(taps.value.filter(isWaiting).map(({ orderId }) => orderId)));
  return { tickets, waiting, bringsBack: (requestId, ticket) => void returning.set(requestId, ticket) };
}
