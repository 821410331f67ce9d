// What a barista's tap does: it shows at once, waits in a queue until the shop has answered, and can be undone.

import { computed } from "@preact/signals";
import type { Ticket, TicketLine } from "../gen/comanda/kitchen/v1/ticket_pb.ts";
import { OrderState } from "../gen/comanda/type/v1/order_state_pb.ts";
import type { LiveBoard } from "../lib/board/live_board.ts";
import { newRequestId } from "../lib/call/request_id.ts";
import type { News } from "./news/news.ts";
import { explainTap } from "./taps/explain.ts";
import { person } from "./person/person.ts";
import { projectTaps, type Projected } from "./taps/projected.ts";
import { openQueue, type TapQueue } from "./taps/queue.ts";
import { send } from "./taps/send.ts";
import { isWaiting, withTaps, type Kind, type Tap } from "./taps/tap.ts";
import { createSteps, type Step, type Steps } from "./board/undo.ts";

type OfTicket = Pick<Ticket, "orderId" | "number" | "revision">;

export interface Actions extends Pick<Projected, "tickets" | "waiting"> {
  queue: TapQueue;
  steps: Steps;
  /** RECEIVED → PREPARING → READY → COLLECTED; for a cancelled ticket, the acknowledgement. */
  advance(ticket: Ticket): void;
  /** Says of these lines that they are done, or that they are not; `undoable` where one tap means several. */
  tick(ticket: Ticket, lines: readonly TicketLine[], done: boolean, undoable: boolean): void;
  undo(step: Step): void;
  cancel(ticket: Ticket, reason: string): void;
  reopen(ticket: OfTicket, reason: string): void;
  /** Whether this tablet cancelled it. */
  isOwn(news: News): boolean;
  stop(): void;
}

const NEXT: Partial<Record<OrderState, [Kind, OrderState]>> = {
  [OrderState.RECEIVED]: ["start", OrderState.PREPARING],
  [OrderState.PREPARING]: ["ready", OrderState.READY],
  [OrderState.READY]: ["collect", OrderState.COLLECTED],
  [OrderState.CANCELLED]: ["acknowledge", OrderState.CANCELLED],
};

export function createActions(board: LiveBoard): Actions {
  const cancelled = new Set<string>();
  const steps = createSteps(({ requestIds }) =>
    taps.peek().some((tap) => isWaiting(tap) && requestIds.includes(tap.requestId)),
  );
  const canSend = computed(() => {
    const health = board.health.value;
    return health.state === "live" || (health.state === "lost" && health.held);
  });
  const queue = openQueue({ canSend, send, answered, explain: explainTap });
  const { taps, add, remove } = queue;
  const projected = projectTaps(board.tickets, taps);

  function push(ticket: OfTicket, kind: Kind, more: Partial<Tap> = {}): string {
    const { orderId, number, revision } = ticket;
    const requestId = newRequestId();
    const staffId = person.peek()?.staffId ?? "";
    steps.rest(orderId);
    add({ requestId, kind, orderId, number: `${number}`, revision, staffId, sent: false, ...more });
    return requestId;
  }

  function answered(tap: Tap, ticket: Ticket | undefined): void {
    const before = board.tickets.peek()?.find(({ orderId }) => orderId === tap.orderId);
    // An order's cancellation is its ticket's next revision.
    if (tap.kind === "cancel" && before && before.state !== OrderState.CANCELLED) {
      const { reason: cancelReason = "" } = tap;
      board.reply({ ...before, state: OrderState.CANCELLED, cancelReason, revision: before.revision + 1n });
    }
    if (!ticket) return;
    board.reply(ticket);
    const step = steps.shown.peek().get(tap.orderId);
    if (step?.requestIds.includes(tap.requestId)) step.revision = ticket.revision;
    const after = ticket.state;
    const wasLastLine = tap.kind === "tick" && after === OrderState.READY && before?.state === OrderState.PREPARING;
    if (wasLastLine) steps.show({ before, after, lines: [], requestIds: [tap.requestId], revision: ticket.revision });
  }

  /** What an earlier page left waiting can be undone as before. */
  function restore(tickets: readonly Ticket[]): void {
    const waiting = taps.peek().filter(isWaiting);
    for (const before of tickets) {
      const own = waiting.filter(({ orderId }) => orderId === before.orderId);
      const last = own.at(-1);
      const [seen] = withTaps([before], own.slice(0, -1));
      const isStep = last?.to !== undefined && ["start", "ready", "collect"].includes(last.kind);
      // It may have been done, and only its answer be missing.
      if (!isStep || !seen || seen.state === last.to) continue;
      steps.show({ before: seen, after: last.to!, lines: [], requestIds: [last.requestId], revision: last.revision });
    }
  }
  void queue.found.then(() => {
    const known = board.tickets.subscribe((tickets) => {
      if (!tickets) return;
      restore(tickets);
      queueMicrotask(() => known());
    });
  });

  function advance(ticket: Ticket): void {
    const [kind, to] = NEXT[ticket.state] ?? [];
    if (!kind || to === undefined) return;
    const requestId = push(ticket, kind, { to });
    if (kind === "acknowledge") steps.dismiss(ticket.orderId);
    else steps.show({ before: ticket, after: to, lines: [], requestIds: [requestId], revision: ticket.revision });
  }

  function tick(ticket: Ticket, lines: readonly TicketLine[], done: boolean, undoable: boolean): void {
    const requestIds = lines.map(({ index: line }) => push(ticket, "tick", { line, done }));
    if (undoable) steps.show({ before: ticket, after: null, lines, requestIds, revision: ticket.revision });
    else steps.dismiss(ticket.orderId);
  }

  /** Whatever has not left the tablet is simply forgotten. */
  function undo({ before, after, lines, requestIds, revision }: Step): void {
    steps.dismiss(before.orderId);
    steps.rest(before.orderId);
    const unsent = taps.peek().filter((tap) => requestIds.includes(tap.requestId) && isWaiting(tap) && !tap.sent);
    for (const { requestId } of unsent) remove(requestId);
    if (after !== null && unsent.length === 0) {
      projected.bringsBack(push({ ...before, revision }, "revert", { to: before.state }), before);
    }
    const sent = lines.filter(({ index }) => !unsent.some(({ line }) => line === index));
    for (const { index: line } of sent) push(before, "tick", { line, done: false });
  }

  return {
    tickets: projected.tickets,
    waiting: projected.waiting,
    queue,
    steps,
    advance,
    tick,
    undo,
    cancel: (ticket, reason) => {
      steps.dismiss(ticket.orderId);
      cancelled.add(ticket.orderId);
      push(ticket, "cancel", { to: OrderState.CANCELLED, reason });
    },
    reopen: (ticket, reason) => void push(ticket, "reopen", { reason }),
    isOwn: ({ kind, ticket }) => kind === "cancelled" && cancelled.has(ticket.orderId),
    stop: queue.stop,
  };
}
