// The places of a column: a card, what is left of one that was just tapped, or the hole that one left behind. Pure.

import type { Ticket } from "../../gen/comanda/kitchen/v1/ticket_pb.ts";
import { OrderState } from "../../gen/comanda/type/v1/order_state_pb.ts";
import type { Step } from "./undo.ts";

export const COLUMNS = [OrderState.RECEIVED, OrderState.PREPARING, OrderState.READY];

export type Slot = { id: string; seq: bigint } & (
  | { kind: "card"; ticket: Ticket }
  | { kind: "undo"; step: Step }
  | { kind: "hole" }
);

/** By column, each in order of acceptance: what can be undone stays where the card was. */
export function slotsOf(tickets: readonly Ticket[], steps: Iterable<Step>): Slot[][] {
  const cards = tickets.map((ticket): Slot => ({ kind: "card", id: ticket.orderId, seq: ticket.acceptedSeq, ticket }));
  const undos = [...steps]
    .filter(({ after }) => after !== null)
    .map((step): Slot => ({ kind: "undo", id: step.before.orderId, seq: step.before.acceptedSeq, step }));
  return COLUMNS.map((column) => {
    const own = cards.filter((slot) => slot.kind === "card" && columnOf(slot.ticket) === column);
    const left = undos.filter((slot) => slot.kind === "undo" && columnOf(slot.step.before) === column);
    const gone = left.filter(({ id }) => !own.some((slot) => slot.id === id));
    return [...own, ...gone].sort((a, b) => Number(a.seq - b.seq));
  });
}

/** The same, with everything where it was: what left leaves a hole, and what is new comes last. */
export function keepPlaces(before: readonly Slot[][], now: readonly Slot[][]): Slot[][] {
  return now.map((slots, column) => {
    const earlier = before[column] ?? [];
    const next = new Map(slots.map((slot) => [slot.id, slot]));
    const kept = earlier.map((slot): Slot => next.get(slot.id) ?? { kind: "hole", id: slot.id, seq: slot.seq });
    const known = new Set(earlier.map(({ id }) => id));
    return [...kept, ...slots.filter(({ id }) => !known.has(id))];
  });
}

/** A cancelled ticket asks for attention where work begins; its earlier column is not part of the ticket. */
function columnOf({ state }: Ticket): OrderState {
  return state === OrderState.CANCELLED ? OrderState.RECEIVED : state;
}
