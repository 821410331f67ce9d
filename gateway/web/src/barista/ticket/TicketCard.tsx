// One ticket, with the one button that moves it on.

import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { Ticket } from "../../gen/comanda/kitchen/v1/ticket_pb.ts";
import { OrderState } from "../../gen/comanda/type/v1/order_state_pb.ts";
import { menu } from "../../lib/menu/menu.ts";
import { seconds, type ServerClock } from "../../lib/time/clock.ts";
import { businessDay } from "../../lib/time/hours.ts";
import { isolated } from "../../lib/text/foreign.ts";
import { stateName } from "../../lib/text/states.ts";
import { staffText } from "../../lib/text/staff_text.ts";
import { Icon } from "../../ui/Icon.tsx";
import type { Actions } from "../actions.ts";
import { labelOf } from "./label.ts";
import { nextOf } from "./lines.ts";
import { watched } from "../stations.ts";
import { TicketAge } from "./TicketAge.tsx";
import { TicketLines } from "./TicketLines.tsx";
import type { Step } from "../board/undo.ts";
import { UndoButton } from "../board/UndoPlace.tsx";

interface Props {
  ticket: Ticket;
  clock: ServerClock;
  /** For the shop's answer. */
  waits: boolean;
  /** Tapped a moment ago: takes no tap yet. */
  rests: boolean;
  step: Step | undefined;
  actions: Actions;
  onCancel(ticket: Ticket): void;
}

export function TicketCard({ ticket, clock, waits, rests, step, actions, onCancel }: Props) {
  const next = nextOf(ticket, watched.value);
  const cancelled = ticket.state === OrderState.CANCELLED;
  const name = `ticket-${ticket.orderId}`;
  const number = ticket.number.toString();
  return (
    <article class={`ticket state-${ticket.state}${rests ? " rests" : ""}`} aria-busy={waits} aria-labelledby={name}>
      {waits && <span class="waits">{staffText.board.waits}</span>}
      <header>
        <h3 id={name} class="ticket-title">
          <span class="ticket-number">{number}</span>{" "}
          <bdi class="ticket-name">{ticket.customerName}</bdi>
        </h3>
        <Mode ticket={ticket} />
        {!cancelled && <TicketAge ticket={ticket} clock={clock} />}
        {!cancelled && (
          <button type="button" class="quiet icon-button ticket-cancel" disabled={rests} onClick={() => onCancel(ticket)}>
            <Icon name="close" />
            <span class="hidden">{staffText.cancel.open(number)}</span>
          </button>
        )}
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
      <TicketLines ticket={ticket} onTick={(line, done) => actions.tick(ticket, [line], done, false)} />
      <div class="ticket-actions">
        <button
          type="button"
          class="advance"
          disabled={rests || next.tap === "none"}
          onClick={() => (next.tap === "lines" ? actions.tick(ticket, next.lines, true, true) : actions.advance(ticket))}
        >
          {labelOf(next, ticket.state)}
          <span class="hidden"> {staffText.board.ofOrder(number)}</span>
        </button>
        {step?.after === null && <UndoButton step={step} rests={rests} actions={actions} />}
      </div>
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
