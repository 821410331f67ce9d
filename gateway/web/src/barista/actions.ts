// What a barista's tap does: one call per tap, however often it has to be repeated, and a chance to undo it.

import { createClient, type CallOptions } from "@connectrpc/connect";
import { signal, type ReadonlySignal } from "@preact/signals";
import { KitchenService } from "../gen/comanda/kitchen/v1/kitchen_service_pb.ts";
import type { Ticket, TicketLine } from "../gen/comanda/kitchen/v1/ticket_pb.ts";
import { OrderState } from "../gen/comanda/type/v1/order_state_pb.ts";
import { explain, isRefusal, lacksAccess, metadataOf, reasonOf } from "../lib/call/errors.ts";
import { newRequestId } from "../lib/call/request_id.ts";
import { untilAnswered } from "../lib/call/retry.ts";
import { stateName } from "../lib/text/states.ts";
import { staffText } from "../lib/text/staff_text.ts";
import { isolated } from "../lib/text/foreign.ts";
import { transport } from "../lib/call/transport.ts";
import { createNotices, type NoticeList } from "./notices.ts";
import { asWhoWorks } from "./person/person.ts";

const TRIES = 4;

export interface Actions {
  /** Ids of orders with a tap that is not answered yet. */
  pending: ReadonlySignal<ReadonlySet<string>>;
  notices: NoticeList;
  /** RECEIVED → PREPARING → READY → COLLECTED; for a cancelled ticket, the acknowledgement. */
  advance(ticket: Ticket): void;
  /** Says of these lines that they are done, or that they are not. */
  tick(ticket: Ticket, lines: readonly TicketLine[], done: boolean): void;
}

type Request = { requestId: string; orderId: string; revision: bigint };
type Reply = Promise<{ ticket?: Ticket }>;
type Call = (request: Request, options: CallOptions) => Reply;

export function createActions(reply: (ticket: Ticket) => void): Actions {
  const kitchen = createClient(KitchenService, transport);
  const pending = signal<ReadonlySet<string>>(new Set());
  const notices = createNotices();

  const calls: Partial<Record<OrderState, Call>> = {
    [OrderState.RECEIVED]: kitchen.startTicket,
    [OrderState.PREPARING]: kitchen.markReady,
    [OrderState.READY]: kitchen.markCollected,
    [OrderState.CANCELLED]: kitchen.acknowledgeCancellation,
  };

  async function ask({ orderId, number }: Ticket, call: (options: CallOptions) => Reply): Promise<Ticket | null> {
    try {
      const answer = await untilAnswered(() => asWhoWorks(call), {
        tries: TRIES,
        again: (error) => !lacksAccess(error),
      });
      if (answer.ticket) reply(answer.ticket);
      return answer.ticket ?? null;
    } catch (error) {
      const answered = isRefusal(error) || lacksAccess(error);
      const why = answered ? whoWasFirst(error) || explain(error) : staffText.board.unsure;
      notices.notify({ id: orderId, text: staffText.board.failed(number.toString(), why) });
      return null;
    }
  }

  /** While it waits, a tap on the same ticket's button does nothing: a double tap is one. */
  async function alone<T>({ orderId }: Ticket, work: () => Promise<T>): Promise<T | null> {
    if (pending.peek().has(orderId)) return null;
    pending.value = new Set(pending.peek()).add(orderId);
    notices.dismiss(orderId);
    try {
      return await work();
    } finally {
      pending.value = new Set([...pending.peek()].filter((id) => id !== orderId));
    }
  }

  function act(ticket: Ticket, call: Call): Promise<Ticket | null> {
    const { orderId, revision } = ticket;
    const request = { requestId: newRequestId(), orderId, revision };
    return alone(ticket, () => ask(ticket, (options) => call(request, options)));
  }

  function stepDone(after: Ticket): void {
    const done = staffText.board.stepDone(after.number.toString(), stateName(after.state));
    notices.notify({ id: after.orderId, text: done, undo: () => void act(after, kitchen.revertTicket) });
  }

  async function advance(ticket: Ticket): Promise<void> {
    const call = calls[ticket.state];
    const after = call && (await act(ticket, call));
    if (!after || after.state === OrderState.CANCELLED) return;
    stepDone(after);
  }

  /** One line is ticked while others are; several are what the button of a station's tablet means. */
  async function tick(ticket: Ticket, lines: readonly TicketLine[], done: boolean): Promise<void> {
    const { orderId } = ticket;
    const set = ({ index: line }: TicketLine) => {
      const request = { requestId: newRequestId(), orderId, line, done };
      return ask(ticket, (options) => kitchen.completeLine(request, options));
    };
    const all = () => Promise.all(lines.map(set));
    const answers = lines.length === 1 ? await all() : ((await alone(ticket, all)) ?? []);
    const ready = answers.find((after) => after?.state === OrderState.READY);
    if (ready && ticket.state !== OrderState.READY) return stepDone(ready);
    if (done && lines.length > 0 && answers.every((after) => after !== null) && answers.length > 0) {
      const text = staffText.stations.linesDone(ticket.number.toString(), lines.length);
      notices.notify({ id: orderId, text, undo: () => void tick(ticket, lines, false) });
    }
  }

  return {
    pending,
    notices,
    advance: (ticket) => void advance(ticket),
    tick: (ticket, lines, done) => void tick(ticket, lines, done),
  };
}

/** Empty when that is not why, or nobody knows who. */
function whoWasFirst(error: unknown): string {
  const { person, state } = metadataOf(error);
  if (reasonOf(error) !== "REVISION_MISMATCH" || !person) return "";
  const words: Readonly<Record<string, (person: string) => string>> = staffText.board.first;
  return words[state ?? ""]?.(isolated(person)) ?? "";
}
