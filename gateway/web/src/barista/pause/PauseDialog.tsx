// Stops taking orders for a while: why, and how long.

import { useState } from "preact/hooks";
import { staffText } from "../../lib/text/staff_text.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { DURATIONS, pauseOrdering, REASON_LENGTH, type Minutes } from "./pause.ts";

export function PauseDialog({ onClose }: { onClose(): void }) {
  const [reason, setReason] = useState("");
  const [minutes, setMinutes] = useState<Minutes>(15);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setProblem(null);
    const why = await pauseOrdering(reason, minutes);
    setBusy(false);
    setProblem(why);
    if (!why) onClose();
  };
  return (
    <Dialog title={staffText.pause.title} onClose={onClose}>
      <form class="pause-form" onSubmit={(event) => void submit(event)}>
        <p>{staffText.pause.explanation}</p>
        <label class="field">
          {staffText.pause.reason}
          <input
            value={reason}
            maxLength={REASON_LENGTH}
            placeholder={staffText.pause.reasonPlaceholder}
            onInput={(event) => setReason(event.currentTarget.value)}
          />
        </label>
        <fieldset class="segments">
          <legend>{staffText.pause.howLong}</legend>
          {DURATIONS.map((duration) => (
            <label class="option" key={duration}>
              <input type="radio" name="minutes" checked={minutes === duration} onChange={() => setMinutes(duration)} />
              <span>{duration === null ? staffText.pause.untilEnded : staffText.pause.minutes(duration)}</span>
            </label>
          ))}
        </fieldset>
        {problem && (
          <p class="error" role="alert">
            <Icon name="alert" />
            {problem}
          </p>
        )}
        <button class="primary" disabled={busy}>
          <Icon name="pause" />
          {busy ? staffText.options.sending : staffText.pause.begin}
        </button>
      </form>
    </Dialog>
  );
}
