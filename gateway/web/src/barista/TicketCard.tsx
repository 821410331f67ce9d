// One ticket, with the one button that moves it on.

import type { Ticket } from "../gen/comanda/kitchen/v1/ticket_pb.ts";
import { OrderState } from "../gen/comanda/type/v1/order_state_pb.ts";
import type { ServerClock } from "../lib/time/clock.ts";
import { isolated } from "../lib/text/foreign.ts";
import { stateName } from "../lib/text/states.ts";
import { staffText } from "../lib/text/staff_text.ts";
import { Icon } from "../ui/Icon.tsx";
import { TicketAge } from "./TicketAge.tsx";
import { TicketLines } from "./TicketLines.tsx";

interface Props {
  ticket: Ticket;
  clock: ServerClock;
  pending: boolean;
  onAdvance(ticket: Ticket): void;
}

export function TicketCard({ ticket, clock, pending, onAdvance }: Props) {
  const cancelled = ticket.state === OrderState.CANCELLED;
  const name = `ticket-${ticket.orderId}`;
  return (
    <article class={`ticket state-${ticket.state}`} aria-busy={pending} aria-labelledby={name}>
      <header>
        <h3 id={name} class="ticket-title">
          <span class="ticket-number">{ticket.number.toString()}</span>{" "}
          <bdi class="ticket-name">{ticket.customerName}</bdi>
        </h3>
        <Mode ticket={ticket} />
        {!cancelled && <TicketAge ticket={ticket} clock={clock} />}
      </header>
      {cancelled && (
        <p class="ticket-cancelled">
          <Icon name="close" />
          <span>
            <strong>{stateName(ticket.state)}</strong> <bdi>{ticket.cancelReason}</bdi>
          </span>
        </p>
      )}
      <TicketLines lines={ticket.lines} />
      <button type="button" class="advance" disabled={pending} onClick={() => onAdvance(ticket)}>
        {pending ? staffText.board.pending : advanceLabel(ticket.state)}
      </button>
    </article>
  );
}

function Mode({ ticket }: { ticket: Ticket }) {
  const mode = ticket.serviceMode?.mode;
  if (!mode?.case) return null;
  const atTable = mode.case === "atTable";
  return (
    <span class="ticket-mode">
      <Icon name={atTable ? "table" : "bag"} />
      {atTable ? staffText.board.table(isolated(mode.value.table)) : staffText.board.takeAway}
    </span>
  );
}

function advanceLabel(state: OrderState): string {
  switch (state) {
    case OrderState.RECEIVED:
      return staffText.board.start;
    case OrderState.PREPARING:
      return staffText.board.ready;
    case OrderState.READY:
      return staffText.board.collect;
    case OrderState.CANCELLED:
      return staffText.board.acknowledge;
    default:
      return "";
  }
}
