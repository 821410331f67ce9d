// A number with − and +.

import { text } from "../lib/text/text.ts";
import { Icon } from "./Icon.tsx";

interface Props {
  /** What is counted. */
  of: string;
  value: number;
  min: number;
  max: number;
  disabled?: boolean;
  onChange(value: number): void;
}

export function Stepper({ of, value, min, max, disabled = false, onChange }: Props) {
  return (
    <div class="stepper" role="group" aria-label={text.choice.quantity}>
      <button
        type="button"
        aria-label={text.choice.fewer(of)}
        disabled={disabled || value <= min}
        onClick={() => onChange(value - 1)}
      >
        <Icon name="minus" />
      </button>
      <output>{value}</output>
      <button
        type="button"
        aria-label={text.choice.more(of)}
        disabled={disabled || value >= max}
        onClick={() => onChange(value + 1)}
      >
        <Icon name="plus" />
      </button>
    </div>
  );
}
