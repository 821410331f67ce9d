// Asks why, before something that others will read about: a reason to tap, or one in other words.

import { useState } from "preact/hooks";
import { staffText } from "../lib/text/staff_text.ts";
import { text } from "../lib/text/text.ts";

/** As the contract limits it. */
const REASON_LENGTH = 200;

interface Props {
  explanation: string;
  /** The usual reasons. */
  reasons: readonly string[];
  yes: string;
  danger?: boolean;
  onReason(reason: string): void;
  onBack(): void;
}

export function ReasonForm({ explanation, reasons, yes, danger = false, onReason, onBack }: Props) {
  const [reason, setReason] = useState("");
  const submit = (event: Event) => {
    event.preventDefault();
    if (reason.trim()) onReason(reason.trim());
  };
  return (
    <form class="reason-form" onSubmit={submit}>
      <p>{explanation}</p>
      <div class="reasons">
        {reasons.map((one) => (
          <button type="button" key={one} aria-pressed={reason === one} onClick={() => setReason(one)}>
            {one}
          </button>
        ))}
      </div>
      <label class="field">
        {staffText.reason.other}
        <input
          dir="auto"
          value={reason}
          maxLength={REASON_LENGTH}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
      </label>
      <div class="choices">
        <button type="button" onClick={onBack}>
          {text.action.back}
        </button>
        <button class={danger ? "danger" : "primary"} disabled={!reason.trim()}>
          {yes}
        </button>
      </div>
    </form>
  );
}
