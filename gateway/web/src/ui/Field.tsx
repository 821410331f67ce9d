// A labelled text field that can say what belongs there, and what is wrong with it.

import { Icon } from "./Icon.tsx";

interface Props {
  id: string;
  label: string;
  value: string;
  /** Not shown while it is typed. */
  secret?: boolean;
  autocomplete: "given-name" | "username" | "current-password" | "new-password" | "one-time-code" | "off";
  inputMode?: "numeric";
  maxLength: number;
  required?: boolean;
  hint?: string | undefined;
  error?: string | null | undefined;
  onInput(value: string): void;
}

export function Field({ id, label, hint, error, onInput, secret = false, ...rest }: Props) {
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  const input = {
    ...rest,
    id,
    "aria-invalid": Boolean(error),
    "aria-describedby": described || undefined,
    onInput: (event: { currentTarget: HTMLInputElement }) => onInput(event.currentTarget.value),
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint && (
        <p id={`${id}-hint`} class="field-hint">
          {hint}
        </p>
      )}
      {secret ? <input type="password" {...input} /> : <input dir="auto" {...input} />}
      {error && (
        <p id={`${id}-error`} class="error">
          <Icon name="alert" />
          {error}
        </p>
      )}
    </div>
  );
}
