// Takes an order back, after asking whether that is meant.

import { useState } from "preact/hooks";
import { text } from "../lib/text.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { Icon } from "../ui/Icon.tsx";

interface Props {
  /** False once the preparation has begun; what became of an attempt is told even then. */
  possible: boolean;
  cancel(): Promise<string | null>;
}

export function CancelOrder({ possible, cancel }: Props) {
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const confirmed = async () => {
    setAsking(false);
    setBusy(true);
    setProblem(await cancel());
    setBusy(false);
  };
  return (
    <div class="cancel">
      {problem && (
        <p class="error" role="alert">
          <Icon name="alert" />
          {problem}
        </p>
      )}
      {possible && (
        <button type="button" class="danger" disabled={busy} onClick={() => setAsking(true)}>
          {busy ? text.follow.cancelling : text.follow.cancel}
        </button>
      )}
      {possible && asking && (
        <Dialog title={text.follow.cancelQuestion} onClose={() => setAsking(false)}>
          <p>{text.follow.cancelExplanation}</p>
          <div class="choices">
            <button type="button" onClick={() => setAsking(false)}>
              {text.follow.cancelNo}
            </button>
            <button type="button" class="danger" onClick={() => void confirmed()}>
              {text.follow.cancelYes}
            </button>
          </div>
        </Dialog>
      )}
    </div>
  );
}
