// Puts what was handed over back onto the board, with a reason.

import { boardText } from "../../lib/text/board_text.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import type { Actions } from "../actions.ts";
import { ReasonForm } from "../ReasonForm.tsx";
import type { Recent } from "./stored.ts";

interface Props {
  one: Recent;
  actions: Actions;
  onClose(): void;
}

export function ReopenDialog({ one, actions, onClose }: Props) {
  const reopen = (reason: string) => {
    const { orderId, number, revision } = one;
    actions.reopen({ orderId, number: BigInt(number), revision: BigInt(revision) }, reason);
    onClose();
  };
  return (
    <Dialog title={boardText.recent.question(one.number)} onClose={onClose}>
      <ReasonForm
        explanation={boardText.recent.explanation}
        reasons={boardText.recent.reasons}
        yes={boardText.recent.reopen}
        onReason={reopen}
        onBack={onClose}
      />
    </Dialog>
  );
}
