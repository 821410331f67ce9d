// What to prepare: quantity first, choices below, wishes in a box that cannot be overlooked. Lines of stations that this
// tablet does not show are there, since a ticket is handed over whole, but step back.

import type { TicketLine } from "../gen/comanda/kitchen/v1/ticket_pb.ts";
import { isolated } from "../lib/text/foreign.ts";
import { staffText } from "../lib/text/staff_text.ts";
import { Icon } from "../ui/Icon.tsx";
import { watched } from "./stations.ts";

export function TicketLines({ lines }: { lines: readonly TicketLine[] }) {
  return (
    <ul class="ticket-lines">
      {lines.map((line, index) => {
        const elsewhere = isElsewhere(line, watched.value);
        return (
          <li key={index} class={elsewhere ? "is-elsewhere" : undefined}>
            <b class="ticket-quantity">{line.quantity}×</b>
            <span class="ticket-product">
              <bdi>{line.name}</bdi>
              {elsewhere && <span class="ticket-station"> {staffText.stations.elsewhere(line.stations.map(isolated).join(", "))}</span>}
            </span>
            {line.options.map((option, at) => (
              <bdi key={at} class="ticket-option">
                {option}
              </bdi>
            ))}
            {line.note && (
              <span class="ticket-note">
                <Icon name="note" />
                <span>
                  <span class="hidden">{staffText.board.note} </span>
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

/** A line without stations is everybody's. */
function isElsewhere({ stations }: TicketLine, shown: readonly string[]): boolean {
  return shown.length > 0 && stations.length > 0 && !stations.some((station) => shown.includes(station));
}
