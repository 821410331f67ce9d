// One text field of a person.

import { Field } from "../../ui/Field.tsx";
import { teamText } from "../team_text.ts";
import { LONGEST_LOGIN, LONGEST_NAME, LONGEST_PASSWORD, LONGEST_PIN, type Draft, type DraftError } from "./draft.ts";

const LONGEST_SHOPS = 3000;

const SHAPES = {
  name: { maxLength: LONGEST_NAME, autocomplete: "off" },
  login: { maxLength: LONGEST_LOGIN, autocomplete: "username" },
  shops: { maxLength: LONGEST_SHOPS, autocomplete: "off" },
  password: { maxLength: LONGEST_PASSWORD, autocomplete: "new-password", secret: true },
  // Or browsers take it for the password.
  pin: { maxLength: LONGEST_PIN, autocomplete: "one-time-code", inputMode: "numeric", secret: true },
  present: { maxLength: LONGEST_PASSWORD, autocomplete: "current-password", secret: true },
} as const;

interface Props {
  name: DraftError;
  draft: Draft;
  errors: Partial<Record<DraftError, true>>;
  /** True where leaving it blank keeps what is there. */
  kept?: boolean;
  onChange(draft: Draft): void;
}

export function DraftField({ name, draft, errors, kept = false, onChange }: Props) {
  const hints = {
    name: teamText.form.nameHint,
    login: teamText.form.loginHint,
    shops: teamText.form.shopsHint,
    password: teamText.form.passwordHint,
    pin: teamText.form.pinHint,
    present: undefined,
  };
  const hint = [hints[name], kept && teamText.form.passwordKept].filter(Boolean).join(" ");
  return (
    <Field
      id={`person-${name}`}
      label={teamText.form[name]}
      hint={hint}
      {...SHAPES[name]}
      value={draft[name]}
      error={errors[name] && teamText.form.errors[name]}
      onInput={(typed) => onChange({ ...draft, [name]: typed })}
    />
  );
}
