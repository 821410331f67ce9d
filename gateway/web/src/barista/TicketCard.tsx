// One ticket, with the one button that moves it on.

import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { Ticket } from "../gen/comanda/kitchen/v1/ticket_pb.ts";
import { OrderState } from "../gen/comanda/type/v1/order_state_pb.ts";
import { seconds, type ServerClock } from "../lib/clock.ts";
import { stateName } from "../lib/states.ts";
import { text } from "../lib/text.ts";

interface Props {
  ticket: Ticket;
  clock: ServerClock;
  pending: boolean;
  onAdvance(ticket: Ticket): void;
}

const LABELS: Partial<Record<OrderState, string>> = {
  [OrderState.RECEIVED]: text.board.start,
  [OrderState.PREPARING]: text.board.ready,
  [OrderState.READY]: text.board.collect,
  [OrderState.CANCELLED]: text.board.acknowledge,
};

export function TicketCard({ ticket, clock, pending, onAdvance }: Props) {
  const cancelled = ticket.state === OrderState.CANCELLED;
  return (
    <article class={`ticket state-${ticket.state}`} aria-busy={pending}>
      <header>
        <span class="ticket-number">{ticket.number.toString()}</span>
        <span class="ticket-name">{ticket.customerName}</span>
        <span class="ticket-mode">{mode(ticket)}</span>
        <Age ticket={ticket} clock={clock} />
      </header>
      {cancelled && (
        <p class="ticket-cancelled">
          <strong>{stateName(ticket.state)}</strong> {ticket.cancelReason}
        </p>
      )}
      <ul>
        {ticket.lines.map((line, index) => (
          <li key={index}>
            <span class="ticket-line">
              <b>{line.quantity}×</b> {line.name}
            </span>
            {line.options.map((option, at) => (
              <span key={at} class="ticket-option">
                {option}
              </span>
            ))}
            {line.note && <span class="ticket-note">✎ {line.note}</span>}
          </li>
        ))}
      </ul>
      <button type="button" class="advance" disabled={pending} onClick={() => onAdvance(ticket)}>
        {pending ? text.board.pending : LABELS[ticket.state]}
      </button>
    </article>
  );
}

function mode(ticket: Ticket): string {
  const mode = ticket.serviceMode?.mode;
  if (mode?.case === "atTable") return text.board.table(mode.value.table);
  return mode?.case === "takeAway" ? text.board.takeAway : "";
}

/** By the server's clock: a tablet's own may be wrong. */
function Age({ ticket, clock }: { ticket: Ticket; clock: ServerClock }) {
  const now = clock.at(seconds.value);
  if (now === null || !ticket.acceptTime) return null;
  const minutes = Math.max(0, Math.floor((now - timestampMs(ticket.acceptTime)) / 60_000));
  return <span class="ticket-age">{text.board.age(minutes)}</span>;
}
