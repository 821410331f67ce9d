// The places of the board: a card, what is left of one that was just tapped, or the hole that one left behind. Pure.

import type { Ticket } from "../../gen/comanda/kitchen/v1/ticket_pb.ts";
import { OrderState } from "../../gen/comanda/type/v1/order_state_pb.ts";
import type { Step } from "./undo.ts";

export const LANES = [OrderState.RECEIVED, OrderState.PREPARING, OrderState.READY];

export type Slot = { id: string; seq: bigint } & (
  | { kind: "card"; ticket: Ticket }
  | { kind: "undo"; step: Step }
  | { kind: "hole" }
);

/** In order of acceptance. What can be undone, and has left the board, stays where the card was. */
export function slotsOf(tickets: readonly Ticket[], steps: Iterable<Step>): Slot[] {
  const cards = tickets.map((ticket): Slot => ({ kind: "card", id: ticket.orderId, seq: ticket.acceptedSeq, ticket }));
  const shown = new Set(tickets.map(({ orderId }) => orderId));
  return sorted([...cards, ...undosOf(steps).filter(({ id }) => !shown.has(id))]);
}

/** The same by lane: what can be undone stays in the lane that the card has left. */
export function lanesOf(tickets: readonly Ticket[], steps: Iterable<Step>): Slot[][] {
  const undos = undosOf(steps);
  return LANES.map((lane) => {
    const own = slotsOf(tickets.filter((ticket) => laneOf(ticket) === lane), []);
    const shown = new Set(own.map(({ id }) => id));
    const left = undos.filter((slot) => slot.kind === "undo" && laneOf(slot.step.before) === lane && !shown.has(slot.id));
    return sorted([...own, ...left]);
  });
}

/** The same, with everything where it was: what left leaves a hole, and what is new comes last. */
export function keepPlaces(before: readonly Slot[], now: readonly Slot[]): Slot[] {
  const next = new Map(now.map((slot) => [slot.id, slot]));
  const kept = before.map((slot): Slot => next.get(slot.id) ?? { kind: "hole", id: slot.id, seq: slot.seq });
  const known = new Set(before.map(({ id }) => id));
  return [...kept, ...now.filter(({ id }) => !known.has(id))];
}

function undosOf(steps: Iterable<Step>): Slot[] {
  return [...steps]
    .filter(({ after }) => after !== null)
    .map((step): Slot => ({ kind: "undo", id: step.before.orderId, seq: step.before.acceptedSeq, step }));
}

function sorted(slots: Slot[]): Slot[] {
  return slots.sort((a, b) => Number(a.seq - b.seq));
}

/** A cancelled ticket asks for attention where work begins; its earlier lane is not part of the ticket. */
function laneOf({ state }: Ticket): OrderState {
  return state === OrderState.CANCELLED ? OrderState.RECEIVED : state;
}
