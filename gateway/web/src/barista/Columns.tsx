// The three columns of the board.

import type { Ticket } from "../gen/comanda/kitchen/v1/ticket_pb.ts";
import { OrderState } from "../gen/comanda/type/v1/order_state_pb.ts";
import type { LiveBoard } from "../lib/board/live_board.ts";
import { stateName } from "../lib/text/states.ts";
import { staffText } from "../lib/text/staff_text.ts";
import type { Actions } from "./actions.ts";
import { TicketCard } from "./TicketCard.tsx";

const STATES = [OrderState.RECEIVED, OrderState.PREPARING, OrderState.READY];

interface Props {
  tickets: readonly Ticket[];
  board: LiveBoard;
  actions: Actions;
}

export function Columns({ tickets, ...rest }: Props) {
  return (
    <main class="columns">
      {STATES.map((state) => (
        <Column key={state} state={state} tickets={tickets.filter((t) => columnOf(t) === state)} {...rest} />
      ))}
    </main>
  );
}

/** A cancelled ticket asks for attention where work begins; its earlier column is not part of the ticket. */
function columnOf(ticket: Ticket): OrderState {
  return ticket.state === OrderState.CANCELLED ? OrderState.RECEIVED : ticket.state;
}

function Column({ state, tickets, board, actions }: Props & { state: OrderState }) {
  return (
    <section class={`column column-${state}`} aria-labelledby={`column-${state}`}>
      <h2 id={`column-${state}`}>
        {stateName(state)} <span class="count">{tickets.length}</span>
      </h2>
      <div class="cards">
        {tickets.length === 0 && <p class="none">{staffText.board.emptyColumn}</p>}
        {tickets.map((ticket) => (
          <TicketCard
            key={ticket.orderId}
            ticket={ticket}
            clock={board.clock}
            pending={actions.pending.value.has(ticket.orderId)}
            onAdvance={actions.advance}
            onTick={actions.tick}
          />
        ))}
      </div>
    </section>
  );
}
