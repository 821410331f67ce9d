// What to prepare: quantity first, choices below, wishes in a box that cannot be overlooked. Whoever prepares a line ticks
// it. Lines of stations that this tablet does not show are there, since a ticket is handed over whole, but step back.

import type { Ticket, TicketLine } from "../../gen/comanda/kitchen/v1/ticket_pb.ts";
import { OrderState } from "../../gen/comanda/type/v1/order_state_pb.ts";
import { isolated } from "../../lib/text/foreign.ts";
import { boardText } from "../../lib/text/board_text.ts";
import { Icon } from "../../ui/Icon.tsx";
import { isElsewhere } from "./lines.ts";
import { watched } from "../stations.ts";

type OnTick = (line: TicketLine, done: boolean) => void;

interface Props {
  ticket: Ticket;
  /** Without it nothing can be ticked. */
  onTick?: OnTick;
}

export function TicketLines({ ticket, onTick }: Props) {
  const open = ticket.state === OrderState.RECEIVED || ticket.state === OrderState.PREPARING;
  return (
    <ul class="ticket-lines">
      {ticket.lines.map((line) => {
        const elsewhere = isElsewhere(line, watched.value);
        const name = (
          <>
            <b class="ticket-quantity">{line.quantity}×</b>
            <span class="ticket-product">
              <bdi>{line.name}</bdi>
              {elsewhere && <span class="ticket-station"> {boardText.stations.elsewhere(line.stations.map(isolated).join(", "))}</span>}
            </span>
          </>
        );
        return (
          <li key={line.index} class={[elsewhere && "is-elsewhere", line.done && "is-done"].filter(Boolean).join(" ") || undefined}>
            {onTick && open && !elsewhere ? (
              <label class="ticket-line">
                {name}
                <Tick line={line} onTick={onTick} />
                <span class="tick">
                  <Icon name="check" />
                </span>
              </label>
            ) : (
              <span class="ticket-line">
                {name}
                {line.done && <Icon name="check" />}
              </span>
            )}
            {line.options.map((option, at) => (
              <bdi key={at} class="ticket-option">
                {option}
              </bdi>
            ))}
            {line.allergy && (
              <strong class="ticket-allergy">
                <Icon name="alert" />
                <span>
                  {boardText.board.allergy} <bdi>{line.allergy}</bdi>
                </span>
              </strong>
            )}
            {line.note && (
              <span class="ticket-note">
                <Icon name="note" />
                <span>
                  <span class="hidden">{boardText.board.note} </span>
                  <bdi>{line.note}</bdi>
                </span>
              </span>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** Shows the ticket as it is drawn, whatever the browser would make of a tap. */
function Tick({ line, onTick }: { line: TicketLine; onTick: OnTick }) {
  const set = (box: HTMLInputElement) => {
    const wanted = box.checked;
    box.checked = line.done;
    onTick(line, wanted);
  };
  return <input type="checkbox" checked={line.done} onChange={(event) => set(event.currentTarget)} />;
}
