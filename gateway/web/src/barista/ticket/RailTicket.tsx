// A ticket that waits at the counter: what to call out, and the button for when it is handed over.

import { seconds } from "../../lib/time/clock.ts";
import { boardText } from "../../lib/text/board_text.ts";
import { UndoButton } from "../board/UndoPlace.tsx";
import { classOf, type CardProps } from "./card.ts";
import { Mode, Timer } from "./TicketStrip.tsx";

export function RailTicket({ ticket, clock, waits, rests, step, glow, isFirst, actions, onOpen }: CardProps) {
  const number = ticket.number.toString();
  return (
    <article class={`rail-ticket ${classOf({ rests, glow })}`} data-card={ticket.orderId} tabIndex={isFirst ? 0 : -1} aria-busy={waits} aria-labelledby={`ticket-${ticket.orderId}`}>
      {waits && <span class="waits">{boardText.board.waits}</span>}
      <h3>
        <button type="button" class="rail-open" disabled={rests} onClick={() => onOpen(ticket)}>
          <span id={`ticket-${ticket.orderId}`} class="ticket-title">
            <span class="ticket-number">{number}</span> <bdi class="ticket-name">{ticket.customerName}</bdi>
          </span>
          <span class="rail-facts">
            <Mode ticket={ticket} />
            <RailTimer ticket={ticket} clock={clock} />
          </span>
        </button>
      </h3>
      {step ? (
        <UndoButton step={step} rests={rests} actions={actions} />
      ) : (
        <button type="button" class="advance" disabled={rests} onClick={() => actions.advance(ticket)}>
          {boardText.board.collect}
          <span class="hidden"> {boardText.board.ofOrder(number)}</span>
        </button>
      )}
    </article>
  );
}

/** Apart, since it reads the clock. */
function RailTimer({ ticket, clock }: Pick<CardProps, "ticket" | "clock">) {
  return <Timer ticket={ticket} now={clock.at(seconds.value)} />;
}
