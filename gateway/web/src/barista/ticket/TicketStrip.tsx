// The head of a ticket, for whoever stands two metres away: its number, whose it is, and how long it has waited, by the
// server's clock: a tablet's own may be wrong. Colour, icon and words say the same, so that no single one has to be seen.

import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { ComponentChildren } from "preact";
import type { Ticket } from "../../gen/comanda/kitchen/v1/ticket_pb.ts";
import { OrderState } from "../../gen/comanda/type/v1/order_state_pb.ts";
import { stopwatch } from "../../lib/time/age.ts";
import { seconds, type ServerClock } from "../../lib/time/clock.ts";
import { isolated } from "../../lib/text/foreign.ts";
import { stateName } from "../../lib/text/states.ts";
import { boardText } from "../../lib/text/board_text.ts";
import { Icon, type IconName } from "../../ui/Icon.tsx";
import { urgencyOf, type Urgency } from "./urgency.ts";

const AGES: Record<Urgency["level"], IconName> = { ok: "clock", warn: "hourglass", late: "alert" };
const STATES: Partial<Record<OrderState, IconName>> = {
  [OrderState.RECEIVED]: "receipt",
  [OrderState.PREPARING]: "cup",
  [OrderState.READY]: "bell",
  [OrderState.CANCELLED]: "close",
};

interface Props {
  ticket: Ticket;
  clock: ServerClock;
}

/** Drawn again each second; nothing else of a card is. */
export function TicketStrip({ ticket, clock }: Props) {
  const now = clock.at(seconds.value);
  const urgency = urgencyOf(ticket, now);
  return (
    <>
      <header class={`ticket-strip age-${urgency.level}`}>
        <h3 id={`ticket-${ticket.orderId}`} class={ticket.customerName.length > 9 ? "ticket-title is-long" : "ticket-title"}>
          <span class="ticket-number">{ticket.number.toString()}</span> <bdi class="ticket-name">{ticket.customerName}</bdi>
        </h3>
        <Mode ticket={ticket} />
        <Timer ticket={ticket} now={now} />
      </header>
      <p class="ticket-state">
        <span class="state-name">
          <Icon name={STATES[ticket.state] ?? "receipt"} />
          <span class="state-word">{stateName(ticket.state)}</span>
        </span>
        {urgency.level !== "ok" && <Age level={urgency.level}>{wordsOf(urgency)}</Age>}
      </p>
    </>
  );
}

function wordsOf({ level, lateBy }: Urgency): string {
  return level === "late" ? boardText.board.age.late(lateBy) : boardText.board.age.warn;
}

function Age({ level, children }: { level: Urgency["level"]; children: ComponentChildren }) {
  return (
    <span class={`age age-${level}`}>
      <Icon name={AGES[level]} />
      {children}
    </span>
  );
}

/** What is READY: how long it has been waiting at the counter. */
export function Timer({ ticket, now }: { ticket: Ticket; now: number | null }) {
  const isReady = ticket.state === OrderState.READY;
  const since = isReady ? ticket.updateTime : ticket.acceptTime;
  if (now === null || !since || ticket.state === OrderState.CANCELLED) return null;
  return (
    <span class="ticket-timer">
      <span class="hidden">{isReady ? boardText.board.age.ready : boardText.board.age.waits} </span>
      {stopwatch(timestampMs(since), now)}
    </span>
  );
}

export function Mode({ ticket }: { ticket: Ticket }) {
  const mode = ticket.serviceMode?.mode;
  if (!mode?.case) return null;
  if (mode.case !== "atTable") {
    return (
      <span class="ticket-mode">
        <Icon name="bag" />
        <span class="hidden">{boardText.board.takeAway}</span>
      </span>
    );
  }
  return (
    <span class="ticket-mode">
      <Icon name="table" />
      <span class="hidden">{boardText.board.table(isolated(mode.value.table))}</span>
      <bdi class="ticket-table" aria-hidden="true">{mode.value.table}</bdi>
    </span>
  );
}
