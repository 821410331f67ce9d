// Takes an order back, after asking whether that is meant.

import { useState } from "preact/hooks";
import { explain, supportCode } from "../../lib/call/errors.ts";
import { text } from "../../lib/text/text.ts";
import { Countdown } from "../../ui/state/Countdown.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { SupportCode } from "../../ui/SupportCode.tsx";
import { followText } from "./follow_text.ts";

interface Props {
  /** False once the preparation has begun; what became of an attempt is told even then. */
  possible: boolean;
  cancel(crowded: (until: number | null) => void): Promise<unknown>;
}

export function CancelOrder({ possible, cancel }: Props) {
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [waitsUntil, setWaitsUntil] = useState<number | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const confirmed = async () => {
    setAsking(false);
    setBusy(true);
    setProblem(await cancel(setWaitsUntil));
    setWaitsUntil(null);
    setBusy(false);
  };
  return (
    <div class="cancel">
      {problem !== null && (
        <div class="error refused">
          <Icon name="alert" />
          <p role="alert">{explain(problem)}</p>
          <SupportCode code={supportCode(problem)} />
        </div>
      )}
      {busy && waitsUntil !== null && (
        <div role="status">
          <p>{text.reasons.RATE_LIMITED}</p>
          <Countdown until={waitsUntil} />
        </div>
      )}
      {possible && (
        <button type="button" class="danger" disabled={busy} onClick={() => setAsking(true)}>
          {busy ? followText.cancelling : followText.cancel}
        </button>
      )}
      {possible && asking && (
        <Dialog title={followText.cancelQuestion} onClose={() => setAsking(false)}>
          <p>{followText.cancelExplanation}</p>
          <div class="choices">
            <button type="button" onClick={() => setAsking(false)}>
              {followText.cancelNo}
            </button>
            <button type="button" class="danger" onClick={() => void confirmed()}>
              {followText.cancelYes}
            </button>
          </div>
        </Dialog>
      )}
    </div>
  );
}
