// What to prepare: quantity first, choices below, wishes in a box that cannot be overlooked.

import type { TicketLine } from "../gen/comanda/kitchen/v1/ticket_pb.ts";
import { text } from "../lib/text.ts";
import { Icon } from "../ui/Icon.tsx";

export function TicketLines({ lines }: { lines: readonly TicketLine[] }) {
  return (
    <ul class="ticket-lines">
      {lines.map((line, index) => (
        <li key={index}>
          <b class="ticket-quantity">{line.quantity}×</b>
          <span class="ticket-product">{line.name}</span>
          {line.options.map((option, at) => (
            <span key={at} class="ticket-option">
              {option}
            </span>
          ))}
          {line.note && (
            <span class="ticket-note">
              <Icon name="note" />
              <span>
                <span class="hidden">{text.board.note} </span>
                {line.note}
              </span>
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
