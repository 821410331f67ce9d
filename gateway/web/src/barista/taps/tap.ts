// Taps that the shop has not answered yet, and how the board looks as if it had. Pure.

import type { Ticket } from "../../gen/comanda/kitchen/v1/ticket_pb.ts";
import { OrderState } from "../../gen/comanda/type/v1/order_state_pb.ts";

export type Kind = "start" | "ready" | "collect" | "acknowledge" | "revert" | "tick" | "cancel" | "reopen";

/** As it is stored: what a call needs, and nothing that opens a door. */
export interface Tap {
  requestId: string;
  kind: Kind;
  orderId: string;
  /** As people see it. */
  number: string;
  /** What the ticket becomes; a tick leaves it where it is. */
  to?: OrderState;
  /** Seen by whoever tapped; after an earlier tap on the same ticket, what that one's answer shows. */
  revision: bigint;
  line?: number;
  done?: boolean;
  reason?: string;
  /** Who worked at the tablet; empty: nobody. */
  staffId: string;
  /** True once it left the tablet: from then on it may have been done, whatever becomes of the answer. */
  sent: boolean;
  /** Why it was not done, for people. */
  refused?: string;
  /** Of the trace in which it was refused. */
  code?: string;
}

export const isWaiting = (tap: Tap): boolean => tap.refused === undefined;

/** The board as the waiting taps will make it. */
export function withTaps(tickets: readonly Ticket[], taps: readonly Tap[]): Ticket[] {
  const waiting = taps.filter(isWaiting);
  return tickets.flatMap((ticket) => {
    const own = waiting.filter(({ orderId }) => orderId === ticket.orderId);
    const last = own.at(-1)?.kind;
    return last === "collect" || last === "acknowledge" ? [] : own.reduce(applied, ticket);
  });
}

function applied(ticket: Ticket, { kind, to, line, done = false, reason = "" }: Tap): Ticket {
  if (kind === "tick") return { ...ticket, lines: ticket.lines.map((one) => (one.index === line ? { ...one, done } : one)) };
  if (to === undefined) return ticket;
  const lines = to === OrderState.READY ? ticket.lines.map((one) => ({ ...one, done: true })) : ticket.lines;
  return { ...ticket, state: to, lines, ...(kind === "cancel" && { cancelReason: reason }) };
}

/** The tap was answered: those that wait behind it on the same ticket go on from there. */
export function withAnswer(taps: readonly Tap[], tap: Tap, revision: bigint | undefined): Tap[] {
  return taps
    .filter(({ requestId }) => requestId !== tap.requestId)
    .map((other) => (revision !== undefined && other.orderId === tap.orderId ? { ...other, revision } : other));
}

/** The tap was refused, and with a step those that build on it. */
export function withRefusal(taps: readonly Tap[], tap: Tap, why: string, whyThoseBehind: string, code = ""): Tap[] {
  const isStep = tap.kind !== "tick";
  return taps.map((other) => {
    if (other.requestId === tap.requestId) return { ...other, refused: why, code };
    const behind = isStep && isWaiting(other) && other.orderId === tap.orderId && other.kind !== "tick";
    return behind ? { ...other, refused: whyThoseBehind } : other;
  });
}
