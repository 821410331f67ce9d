// The digits of a PIN, for fingers and for keyboards.

import { useEffect, useRef, useState } from "preact/hooks";
import { staffText } from "../../lib/text/staff_text.ts";
import { text } from "../../lib/text/text.ts";
import { Problem } from "../../ui/access/Problem.tsx";
import { useAttempt } from "../../ui/access/useAttempt.ts";
import { Icon } from "../../ui/Icon.tsx";
import { tellSignIn } from "./tell.ts";

const SHORTEST = 4;
const LONGEST = 8;
const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

interface Props {
  onEnter(pin: string): Promise<void>;
  onBack(): void;
}

export function PinPad({ onEnter, onBack }: Props) {
  const [pin, setPin] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const { busy, error, waitS, run } = useAttempt();
  useEffect(() => field.current?.focus(), []);
  const type = (digits: string) => setPin(digits.replace(/\D/g, "").slice(0, LONGEST));
  const submit = (event: Event) => {
    event.preventDefault();
    if (pin.length < SHORTEST) return;
    setPin("");
    field.current?.focus();
    run(() => onEnter(pin));
  };
  // Digits count wherever the focus is.
  const press = ({ key, target }: KeyboardEvent) => {
    if (target !== field.current && /^\d$/.test(key)) type(pin + key);
  };
  const digit = (one: string) => (
    <button type="button" key={one} onClick={() => type(pin + one)}>
      {one}
    </button>
  );
  return (
    <form class="pin-pad" onSubmit={submit} onKeyDown={press}>
      <label for="pin">{staffText.person.pin}</label>
      {/* No keyboard of the tablet's own, and nothing that a browser offers to keep. */}
      <input
        ref={field}
        id="pin"
        type="password"
        inputMode="none"
        autocomplete="one-time-code"
        value={pin}
        aria-describedby="pin-problem"
        onInput={(event) => type(event.currentTarget.value)}
      />
      <Problem id="pin-problem" why={error ? tellSignIn(error) : null} waitS={waitS} />
      <div class="pin-digits" role="group" aria-label={staffText.person.digits}>
        {DIGITS.map(digit)}
        <button type="button" aria-label={staffText.person.erase} disabled={!pin} onClick={() => type(pin.slice(0, -1))}>
          <Icon name="erase" />
        </button>
        {digit("0")}
        <button class="primary" disabled={busy || waitS > 0 || pin.length < SHORTEST}>
          {busy ? "…" : staffText.person.enter}
        </button>
      </div>
      <button type="button" class="quiet" onClick={onBack}>
        <Icon name="back" />
        {text.action.back}
      </button>
    </form>
  );
}
