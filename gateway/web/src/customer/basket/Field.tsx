// A labelled text field that can say what is wrong with it.

import { Icon } from "../../ui/Icon.tsx";

interface Props {
  id: string;
  label: string;
  autocomplete: "given-name" | "off";
  maxLength: number;
  value: string;
  error: string | null;
  onInput(value: string): void;
}

export function Field({ id, label, error, onInput, ...input }: Props) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        dir="auto"
        id={id}
        {...input}
        aria-invalid={error !== null}
        aria-describedby={error ? `${id}-error` : undefined}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      {error && (
        <p id={`${id}-error`} class="error">
          <Icon name="alert" />
          {error}
        </p>
      )}
    </div>
  );
}
