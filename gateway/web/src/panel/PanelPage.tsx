// Numbers and first names, to be read from across the room.

import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { Ticket } from "../gen/comanda/kitchen/v1/ticket_pb.ts";
import { OrderState } from "../gen/comanda/type/v1/order_state_pb.ts";
import type { LiveBoard } from "../lib/live_board.ts";
import { text } from "../lib/text.ts";
import { StatusPill } from "../ui/StatusPill.tsx";

/** What fits on a tablet without scrolling; nobody scrolls a panel on the wall. */
const MOST_READY = 12;
const MOST_PREPARING = 15;

export function PanelPage({ board }: { board: LiveBoard }) {
  const tickets = board.tickets.value;
  if (!tickets) {
    return (
      <p class="loading">
        {text.board.loading} <StatusPill health={board.health} clock={board.clock} />
      </p>
    );
  }
  const preparing = tickets.filter((t) => t.state === OrderState.RECEIVED || t.state === OrderState.PREPARING);
  const ready = tickets.filter((t) => t.state === OrderState.READY).sort(lastReadyFirst);
  return (
    <div class={board.health.value.state === "lost" ? "panel is-stale" : "panel"}>
      <List title={text.panel.preparing} kind="preparing" tickets={preparing} most={MOST_PREPARING} />
      <List title={text.panel.ready} kind="ready" tickets={ready} most={MOST_READY} live />
      <footer>
        <StatusPill health={board.health} clock={board.clock} />
      </footer>
    </div>
  );
}

/** The newest call is always in sight, however many wait to be picked up. */
function lastReadyFirst(a: Ticket, b: Ticket): number {
  const time = (ticket: Ticket) => (ticket.updateTime ? timestampMs(ticket.updateTime) : 0);
  return time(b) - time(a) || Number(b.acceptedSeq - a.acceptedSeq);
}

interface ListProps {
  title: string;
  kind: "preparing" | "ready";
  tickets: readonly Ticket[];
  most: number;
  live?: boolean;
}

function List({ title, kind, tickets, most, live = false }: ListProps) {
  const hidden = tickets.length - most;
  return (
    <section class={kind}>
      <h1>
        {title} {hidden > 0 && <span class="more">{text.panel.more(hidden)}</span>}
      </h1>
      <ul aria-live={live ? "polite" : "off"}>
        {tickets.slice(0, most).map((ticket) => (
          <li key={ticket.orderId}>
            <b>{ticket.number.toString()}</b>
            <span>{ticket.customerName}</span>
          </li>
        ))}
        {tickets.length === 0 && <li class="none">{text.panel.none}</li>}
      </ul>
    </section>
  );
}
