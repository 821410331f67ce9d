// One ticket, with the one button that moves it on.

import { OrderState } from "../../gen/comanda/type/v1/order_state_pb.ts";
import { seconds } from "../../lib/time/clock.ts";
import { boardText } from "../../lib/text/board_text.ts";
import { Icon } from "../../ui/Icon.tsx";
import { BoardIcon } from "../BoardIcon.tsx";
import { UndoButton } from "../board/UndoPlace.tsx";
import { expediter } from "../settings.ts";
import { watched } from "../stations.ts";
import { classOf, type CardProps } from "./card.ts";
import { labelOf } from "./label.ts";
import { nextOf } from "./lines.ts";
import { StationChips } from "./StationChips.tsx";
import { TicketLines } from "./TicketLines.tsx";
import { TicketStrip } from "./TicketStrip.tsx";
import { isFromEarlierDay, isOpen } from "./urgency.ts";

export function TicketCard({ ticket, clock, waits, rests, step, glow, isFirst, actions, onOpen }: CardProps) {
  const next = nextOf(ticket, watched.value);
  const cancelled = ticket.state === OrderState.CANCELLED;
  const ofOrder = <span class="hidden"> {boardText.board.ofOrder(ticket.number.toString())}</span>;
  return (
    <article class={classOf({ rests, glow })} data-card={ticket.orderId} tabIndex={isFirst ? 0 : -1} aria-busy={waits} aria-labelledby={`ticket-${ticket.orderId}`}>
      {waits && <span class="waits">{boardText.board.waits}</span>}
      <TicketStrip ticket={ticket} clock={clock} />
      <Earlier ticket={ticket} clock={clock} />
      {cancelled && ticket.cancelReason && (
        <p class="ticket-cancelled">
          <bdi>{ticket.cancelReason}</bdi>
        </p>
      )}
      {isOpen(ticket) && expediter.value === "on" && watched.value.length === 0 && <StationChips ticket={ticket} />}
      <TicketLines ticket={ticket} onTick={(line, done) => actions.tick(ticket, [line], done, false)} />
      <div class="ticket-actions">
        <button
          type="button"
          class="advance"
          disabled={rests || next.tap === "none"}
          onClick={() => (next.tap === "lines" ? actions.tick(ticket, next.lines, true, true) : actions.advance(ticket))}
        >
          {labelOf(next, ticket.state)}
          {ofOrder}
        </button>
        {step ? (
          <UndoButton step={step} rests={rests} actions={actions} />
        ) : (
          !cancelled && (
            <button type="button" class="more" disabled={rests} onClick={() => onOpen(ticket)}>
              <BoardIcon name="more" />
              <span class="hidden">{boardText.ticket.open}</span>
              {ofOrder}
            </button>
          )
        )}
      </div>
    </article>
  );
}

/** Apart, since it reads the clock. */
function Earlier({ ticket, clock }: Pick<CardProps, "ticket" | "clock">) {
  if (!isFromEarlierDay(ticket, clock.at(seconds.value))) return null;
  return (
    <p class="ticket-earlier">
      <Icon name="alert" />
      {boardText.board.fromEarlierDay}
    </p>
  );
}
