// What a barista's tap does: one call per tap, however often it has to be repeated, and a chance to undo it.

import { createClient, type CallOptions } from "@connectrpc/connect";
import { signal, type ReadonlySignal } from "@preact/signals";
import { KitchenService } from "../gen/comanda/kitchen/v1/kitchen_service_pb.ts";
import type { Ticket } from "../gen/comanda/kitchen/v1/ticket_pb.ts";
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
}

type Request = { requestId: string; orderId: string; revision: bigint };
type Call = (request: Request, options: CallOptions) => Promise<{ ticket?: Ticket }>;

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

  async function act(ticket: Ticket, call: Call): Promise<Ticket | null> {
    const { orderId, revision, number } = ticket;
    if (pending.peek().has(orderId)) return null; // A double tap.
    pending.value = new Set(pending.peek()).add(orderId);
    notices.dismiss(orderId);
    const request = { requestId: newRequestId(), orderId, revision };
    try {
      const answer = await untilAnswered(() => asWhoWorks((options) => call(request, options)), {
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
    } finally {
      pending.value = new Set([...pending.peek()].filter((id) => id !== orderId));
    }
  }

  async function advance(ticket: Ticket): Promise<void> {
    const call = calls[ticket.state];
    const after = call && (await act(ticket, call));
    if (!after || after.state === OrderState.CANCELLED) return;
    const done = staffText.board.stepDone(after.number.toString(), stateName(after.state));
    notices.notify({ id: after.orderId, text: done, undo: () => void act(after, kitchen.revertTicket) });
  }

  return { pending, notices, advance: (ticket) => void advance(ticket) };
}

/** Empty when that is not why, or nobody knows who. */
function whoWasFirst(error: unknown): string {
  const { person, state } = metadataOf(error);
  if (reasonOf(error) !== "REVISION_MISMATCH" || !person) return "";
  const words: Readonly<Record<string, (person: string) => string>> = staffText.board.first;
  return words[state ?? ""]?.(isolated(person)) ?? "";
}
