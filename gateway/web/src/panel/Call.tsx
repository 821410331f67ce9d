// A call takes the whole screen for a moment: nobody in the room misses it.

import type { Ticket } from "../gen/comanda/kitchen/v1/ticket_pb.ts";
import { staffText } from "../lib/text/staff_text.ts";
import { text } from "../lib/text/text.ts";

export function Call({ tickets }: { tickets: readonly Ticket[] }) {
  return (
    <>
      {/* There before the first call, so that screen readers follow it. */}
      <p class="hidden" role="status">
        {tickets.map((ticket) => staffText.panel.called(ticket.number.toString(), ticket.customerName)).join(" ")}
      </p>
      {tickets.length > 0 && (
        <div class={`call call-${tickets.length}`} aria-hidden="true">
          <p class="call-word">{text.states.ready}</p>
          {tickets.map((ticket) => (
            <p key={ticket.orderId} class="call-number">
              <b>{ticket.number.toString()}</b>
              <bdi>{ticket.customerName}</bdi>
            </p>
          ))}
        </div>
      )}
    </>
  );
}
