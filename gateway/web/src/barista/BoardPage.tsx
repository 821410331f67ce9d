// The kitchen's board: three columns, oldest order first.

import { useState } from "preact/hooks";
import type { Ticket } from "../gen/comanda/kitchen/v1/ticket_pb.ts";
import { OrderState } from "../gen/comanda/type/v1/order_state_pb.ts";
import type { LiveBoard } from "../lib/live_board.ts";
import { text } from "../lib/text.ts";
import { StatusPill } from "../ui/StatusPill.tsx";
import type { Actions } from "./actions.ts";
import { Notices } from "./Notices.tsx";
import { StockDialog } from "./StockDialog.tsx";
import { TicketCard } from "./TicketCard.tsx";

const COLUMNS = [
  { state: OrderState.RECEIVED, name: text.states.received },
  { state: OrderState.PREPARING, name: text.states.preparing },
  { state: OrderState.READY, name: text.states.ready },
];

interface Props {
  board: LiveBoard;
  actions: Actions;
  token: string;
  onLeave(): void;
}

export function BoardPage({ board, actions, token, onLeave }: Props) {
  const [stockOpen, setStockOpen] = useState(false);
  const tickets = board.tickets.value;
  return (
    <div class={board.health.value.state === "lost" ? "station is-stale" : "station"}>
      <header class="station-head">
        <h1>{text.board.title}</h1>
        <StatusPill health={board.health} clock={board.clock} />
        <span class="spacer" />
        <button type="button" onClick={() => setStockOpen(true)}>
          {text.stock.open}
        </button>
        <button type="button" class="plain" onClick={onLeave}>
          {text.token.leave}
        </button>
      </header>
      {tickets ? (
        <main class="columns">
          {COLUMNS.map(({ state, name }) => (
            <Column key={state} name={name} tickets={tickets.filter((t) => columnOf(t) === state)} {...{ board, actions }} />
          ))}
        </main>
      ) : (
        <p class="loading">{text.board.loading}</p>
      )}
      <Notices actions={actions} />
      {stockOpen && <StockDialog token={token} onClose={() => setStockOpen(false)} />}
    </div>
  );
}

/** A cancelled ticket asks for attention where work begins; its earlier column is not part of the ticket. */
function columnOf(ticket: Ticket): OrderState {
  return ticket.state === OrderState.CANCELLED ? OrderState.RECEIVED : ticket.state;
}

interface ColumnProps {
  name: string;
  tickets: readonly Ticket[];
  board: LiveBoard;
  actions: Actions;
}

function Column({ name, tickets, board, actions }: ColumnProps) {
  return (
    <section class="column">
      <h2>
        {name} <span class="count">{tickets.length}</span>
      </h2>
      <div class="cards">
        {tickets.length === 0 && <p class="empty">{text.board.emptyColumn}</p>}
        {tickets.map((ticket) => (
          <TicketCard
            key={ticket.orderId}
            ticket={ticket}
            clock={board.clock}
            pending={actions.pending.value.has(ticket.orderId)}
            onAdvance={actions.advance}
          />
        ))}
      </div>
    </section>
  );
}
