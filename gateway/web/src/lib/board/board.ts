// The open board of a shop, as a stream tells it. Pure: no network, no clock, no screen.
//
// `told` holds only what the stream said, because heartbeats describe that. Replies to taps may be ahead of the stream;
// they are kept beside it and shown until the stream has caught up.

import type { BoardHeartbeat, WatchTicketsResponse } from "../../gen/comanda/kitchen/v1/kitchen_service_pb.ts";
import type { Ticket } from "../../gen/comanda/kitchen/v1/ticket_pb.ts";
import { OrderState } from "../../gen/comanda/type/v1/order_state_pb.ts";

export type Outcome = "changed" | "unchanged" | "current" | "mismatch";

type Tickets = Map<string, Ticket>;

const REMEMBERED_DEPARTURES = 1000;
/** A reply that the stream has not confirmed after so many beats is dropped: the database no longer knows of it. */
const BEATS_AHEAD = 3;

export class Board {
  private told: Tickets = new Map();
  /** A snapshot that is not complete yet. */
  private incoming: Tickets | null = null;
  /** Revisions at which tickets left, so that older news cannot bring them back. */
  private readonly left = new Map<string, bigint>();
  private readonly ahead = new Map<string, { ticket: Ticket; beats: number }>();

  /** A stream begins: nothing counts until its snapshot is complete. */
  begin(): void {
    this.incoming = new Map();
  }

  receive(news: WatchTicketsResponse["news"]): Outcome {
    switch (news.case) {
      case "snapshot":
        return this.snapshot(news.value.tickets, news.value.complete);
      case "upsert":
        return this.upsert(news.value);
      case "removed":
        return this.depart(news.value.orderId, news.value.revision);
      case "heartbeat":
        return this.check(news.value);
      default:
        return "unchanged"; // A kind of news from a newer server.
    }
  }

  /** Takes the answer to a tap. */
  reply(ticket: Ticket): Outcome {
    const shown = this.ahead.get(ticket.orderId)?.ticket ?? this.told.get(ticket.orderId);
    if (ticket.revision <= (shown?.revision ?? -1n) || ticket.revision <= this.known(ticket.orderId)) return "unchanged";
    this.ahead.set(ticket.orderId, { ticket, beats: 0 });
    return "changed";
  }

  /** What the stream has told; null while its snapshot is not complete. */
  toldTickets(): Ticket[] | null {
    return this.incoming ? null : [...this.told.values()];
  }

  find(orderId: string): Ticket | undefined {
    return this.told.get(orderId);
  }

  /** What to show, in order of acceptance. */
  tickets(): Ticket[] {
    const shown = new Map(this.told);
    for (const [id, { ticket }] of this.ahead) {
      if (isOpen(ticket)) shown.set(id, ticket);
      else shown.delete(id);
    }
    return [...shown.values()].sort((a, b) => Number(a.acceptedSeq - b.acceptedSeq));
  }

  private snapshot(part: Ticket[], complete: boolean): Outcome {
    const incoming = (this.incoming ??= new Map());
    for (const ticket of part) {
      this.left.delete(ticket.orderId);
      this.put(incoming, ticket);
    }
    if (!complete) return "unchanged";
    this.told = incoming;
    this.incoming = null;
    return "changed";
  }

  private upsert(ticket: Ticket): Outcome {
    if (!isOpen(ticket)) return this.depart(ticket.orderId, ticket.revision);
    if (ticket.revision <= this.known(ticket.orderId)) return "unchanged";
    this.left.delete(ticket.orderId);
    this.put(this.incoming ?? this.told, ticket);
    return "changed";
  }

  private depart(orderId: string, revision: bigint): Outcome {
    if (revision <= this.known(orderId)) return "unchanged";
    (this.incoming ?? this.told).delete(orderId);
    this.left.delete(orderId);
    this.left.set(orderId, revision);
    if (this.left.size > REMEMBERED_DEPARTURES) this.left.delete(this.left.keys().next().value!);
    this.settle(orderId, revision);
    return "changed";
  }

  private check(beat: BoardHeartbeat): Outcome {
    if (this.incoming) return "mismatch";
    if (this.told.size !== beat.openCount || digest(this.told.values()) !== beat.digest) return "mismatch";
    for (const [id, reply] of this.ahead) {
      if (++reply.beats >= BEATS_AHEAD) this.ahead.delete(id);
    }
    return "current";
  }

  private put(tickets: Tickets, ticket: Ticket): void {
    tickets.set(ticket.orderId, ticket);
    this.settle(ticket.orderId, ticket.revision);
  }

  /** The stream has caught up with a reply. */
  private settle(orderId: string, revision: bigint): void {
    const reply = this.ahead.get(orderId);
    if (reply && reply.ticket.revision <= revision) this.ahead.delete(orderId);
  }

  private known(orderId: string): bigint {
    return (this.incoming ?? this.told).get(orderId)?.revision ?? this.left.get(orderId) ?? -1n;
  }
}

export function isOpen(ticket: Pick<Ticket, "state" | "cancellationAcknowledged">): boolean {
  switch (ticket.state) {
    case OrderState.RECEIVED:
    case OrderState.PREPARING:
    case OrderState.READY:
      return true;
    case OrderState.CANCELLED:
      return !ticket.cancellationAcknowledged;
    default:
      return false;
  }
}

/** As defined at BoardHeartbeat.digest. */
export function digest(tickets: Iterable<Pick<Ticket, "orderId" | "revision">>): bigint {
  let sum = 0n;
  for (const { orderId, revision } of tickets) {
    const low = BigInt(`0x${orderId.replaceAll("-", "").slice(-16)}`);
    sum = BigInt.asUintN(64, sum + low * (2n * revision + 1n));
  }
  return sum;
}
