// Cancels an order for the shop, with a reason that the customer reads.

import type { Ticket } from "../gen/comanda/kitchen/v1/ticket_pb.ts";
import { staffText } from "../lib/text/staff_text.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { ReasonForm } from "./ReasonForm.tsx";

interface Props {
  ticket: Ticket;
  onCancel(ticket: Ticket, reason: string): void;
  onClose(): void;
}

export function CancelDialog({ ticket, onCancel, onClose }: Props) {
  const cancel = (reason: string) => {
    onCancel(ticket, reason);
    onClose();
  };
  return (
    <Dialog title={staffText.cancel.title(ticket.number.toString())} onClose={onClose}>
      <ReasonForm
        explanation={staffText.cancel.explanation}
        reasons={staffText.cancel.reasons}
        yes={staffText.cancel.yes}
        danger
        onReason={cancel}
        onBack={onClose}
      />
    </Dialog>
  );
}
