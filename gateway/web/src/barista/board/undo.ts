// The last step of each ticket, for as long as it can be undone where it was made. What was just tapped rests: a second tap
// at the same place does nothing for a moment, so that neither a shaking hand nor a neighbour's ticket starts anything.

import { computed, signal, type ReadonlySignal } from "@preact/signals";
import type { Ticket, TicketLine } from "../../gen/comanda/kitchen/v1/ticket_pb.ts";

/** So long it can be undone on the board, and longer while the button has the focus. */
const UNDO_MS = 8_000;
/** So long nothing moves after a tap, and what was tapped takes no other. */
export const REST_MS = 500;

export interface Step {
  /** As it was before. */
  before: Ticket;
  /** What the ticket became; null where only lines were ticked, and it stayed where it is. */
  after: Ticket["state"] | null;
  lines: readonly TicketLine[];
  requestIds: readonly string[];
  /** As the answer has it; until then, what was tapped. */
  revision: bigint;
}

export interface Steps {
  /** By order. */
  shown: ReadonlySignal<ReadonlyMap<string, Step>>;
  /** Orders that were tapped a moment ago. */
  resting: ReadonlySignal<ReadonlySet<string>>;
  /** Orders whose cards came to stand elsewhere a moment ago: the finger that comes down now was meant for another. */
  moved: ReadonlySignal<ReadonlySet<string>>;
  /** True for a moment after each tap, and while a finger is down. */
  isStill: ReadonlySignal<boolean>;
  show(step: Step): void;
  dismiss(orderId: string): void;
  /** Stays while it has the focus. */
  hold(orderId: string): void;
  release(orderId: string): void;
  rest(orderId: string): void;
  move(orderIds: readonly string[]): void;
  fingerDown(): void;
  fingerUp(): void;
}

/** What still waits to be sent can be undone for as long as it waits. */
export function createSteps(waits: (step: Step) => boolean): Steps {
  const shown = signal<ReadonlyMap<string, Step>>(new Map());
  const resting = signal<ReadonlySet<string>>(new Set());
  const moved = signal<ReadonlySet<string>>(new Set());
  const down = signal(0);
  const timers = new Map<string, ReturnType<typeof setTimeout>>();

  const dismiss = (orderId: string) => {
    clearTimeout(timers.get(orderId));
    shown.value = new Map([...shown.peek()].filter(([id]) => id !== orderId));
  };
  const hold = (orderId: string) => clearTimeout(timers.get(orderId));
  const release = (orderId: string) => {
    hold(orderId);
    const over = () => {
      const step = shown.peek().get(orderId);
      if (step && waits(step)) release(orderId);
      else dismiss(orderId);
    };
    timers.set(orderId, setTimeout(over, UNDO_MS));
  };
  const show = (step: Step) => {
    // Last in order of time.
    const others = [...shown.peek()].filter(([id]) => id !== step.before.orderId);
    shown.value = new Map([...others, [step.before.orderId, step]]);
    release(step.before.orderId);
  };
  const rest = (orderId: string) => {
    resting.value = new Set(resting.peek()).add(orderId);
    setTimeout(() => (resting.value = new Set([...resting.peek()].filter((id) => id !== orderId))), REST_MS);
  };
  let settling: ReturnType<typeof setTimeout> | undefined;
  const move = (orderIds: readonly string[]) => {
    clearTimeout(settling);
    moved.value = new Set([...moved.peek(), ...orderIds]);
    settling = setTimeout(() => (moved.value = new Set()), REST_MS);
  };
  let lifting: ReturnType<typeof setTimeout> | undefined;
  const fingerDown = () => {
    clearTimeout(lifting);
    down.value = 1;
  };
  const fingerUp = () => {
    clearTimeout(lifting);
    lifting = setTimeout(() => (down.value = 0), REST_MS);
  };
  const isStill = computed(() => down.value > 0 || resting.value.size > 0);
  return { shown, resting, moved, isStill, show, dismiss, hold, release, rest, move, fingerDown, fingerUp };
}
