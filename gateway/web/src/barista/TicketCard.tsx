// One ticket, with the one button that moves it on.

import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { Ticket, TicketLine } from "../gen/comanda/kitchen/v1/ticket_pb.ts";
import { OrderState } from "../gen/comanda/type/v1/order_state_pb.ts";
import { menu } from "../lib/menu/menu.ts";
import { seconds, type ServerClock } from "../lib/time/clock.ts";
import { businessDay } from "../lib/time/hours.ts";
import { isolated } from "../lib/text/foreign.ts";
import { stateName } from "../lib/text/states.ts";
import { staffText } from "../lib/text/staff_text.ts";
import { Icon } from "../ui/Icon.tsx";
import { nextOf, type Next } from "./lines.ts";
import { watched } from "./stations.ts";
import { TicketAge } from "./TicketAge.tsx";
import { TicketLines } from "./TicketLines.tsx";

interface Props {
  ticket: Ticket;
  clock: ServerClock;
  pending: boolean;
  onAdvance(ticket: Ticket): void;
  onTick(ticket: Ticket, lines: readonly TicketLine[], done: boolean): void;
}

export function TicketCard({ ticket, clock, pending, onAdvance, onTick }: Props) {
  const next = nextOf(ticket, watched.value);
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
      {isFromEarlierDay(ticket, clock.at(seconds.value)) && (
        <p class="ticket-earlier">
          <Icon name="alert" />
          {staffText.board.fromEarlierDay}
        </p>
      )}
      {cancelled && (
        <p class="ticket-cancelled">
          <Icon name="close" />
          <span>
            <strong>{stateName(ticket.state)}</strong> <bdi>{ticket.cancelReason}</bdi>
          </span>
        </p>
      )}
      <TicketLines ticket={ticket} onTick={(line, done) => onTick(ticket, [line], done)} />
      <button
        type="button"
        class="advance"
        disabled={pending || next.tap === "none"}
        onClick={() => (next.tap === "lines" ? onTick(ticket, next.lines, true) : onAdvance(ticket))}
      >
        {pending ? staffText.board.pending : label(next, ticket.state)}
      </button>
    </article>
  );
}

/** Nobody closes it but the staff. What is READY is closed for them. */
function isFromEarlierDay({ state, acceptTime }: Ticket, now: number | null): boolean {
  const shop = menu.value;
  const open = state === OrderState.RECEIVED || state === OrderState.PREPARING;
  if (!open || !shop || !acceptTime || now === null) return false;
  const day = (ms: number) => businessDay(ms, shop.dayStartsMinute, shop.utcOffsets);
  return day(timestampMs(acceptTime)) < day(now);
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

function label(next: Next, state: OrderState): string {
  if (next.tap === "lines") return staffText.stations.done;
  if (next.tap === "none") return staffText.stations.waitsFor(next.waitsFor.map(isolated).join(", "));
  return advanceLabel(state);
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
