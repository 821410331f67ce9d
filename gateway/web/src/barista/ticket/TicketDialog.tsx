// All of a ticket, and what is done with one rarely: cancelling it for the shop, with a reason that the customer reads.

import { timestampMs } from "@bufbuild/protobuf/wkt";
import { useState } from "preact/hooks";
import type { Ticket } from "../../gen/comanda/kitchen/v1/ticket_pb.ts";
import { hourAndMinute } from "../../lib/time/clock.ts";
import { isolated } from "../../lib/text/foreign.ts";
import { stateName } from "../../lib/text/states.ts";
import { boardText } from "../../lib/text/board_text.ts";
import { staffText } from "../../lib/text/staff_text.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { ReasonForm } from "../ReasonForm.tsx";
import { TicketLines } from "./TicketLines.tsx";

interface Props {
  ticket: Ticket;
  onCancel(ticket: Ticket, reason: string): void;
  onClose(): void;
}

export function TicketDialog({ ticket, onCancel, onClose }: Props) {
  const [asking, setAsking] = useState(false);
  const number = ticket.number.toString();
  if (asking) {
    const cancel = (reason: string) => {
      onCancel(ticket, reason);
      onClose();
    };
    return (
      <Dialog title={staffText.cancel.title(number)} onClose={onClose}>
        <ReasonForm
          explanation={staffText.cancel.explanation}
          reasons={staffText.cancel.reasons}
          yes={staffText.cancel.yes}
          danger
          onReason={cancel}
          onBack={() => setAsking(false)}
        />
      </Dialog>
    );
  }
  return (
    <Dialog title={boardText.ticket.title(number, isolated(ticket.customerName))} onClose={onClose}>
      <div class="ticket-whole">
        <p>{factsOf(ticket).join(" · ")}</p>
        <TicketLines ticket={ticket} />
        <button type="button" class="danger" onClick={() => setAsking(true)}>
          <Icon name="close" />
          {staffText.cancel.open}
        </button>
      </div>
    </Dialog>
  );
}

function factsOf({ state, serviceMode, acceptTime }: Ticket): string[] {
  const mode = serviceMode?.mode;
  const place = mode?.case === "atTable" ? boardText.board.table(isolated(mode.value.table)) : boardText.board.takeAway;
  const time = acceptTime && boardText.ticket.accepted(hourAndMinute(timestampMs(acceptTime)));
  return [stateName(state), ...(mode?.case ? [place] : []), ...(time ? [time] : [])];
}
