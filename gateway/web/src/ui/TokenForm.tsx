// Asks for the access token of a screen that has none, or a wrong one.

import { useState } from "preact/hooks";
import { staffText } from "../lib/text/staff_text.ts";
import { text } from "../lib/text/text.ts";
import type { TokenStore } from "../lib/call/token.ts";
import { Icon } from "./Icon.tsx";
import { TopBar } from "./TopBar.tsx";

export function TokenForm({ label, store, problem }: { label: string; store: TokenStore; problem?: string }) {
  const [typed, setTyped] = useState("");
  const [malformed, setMalformed] = useState(false);
  const submit = (event: Event) => {
    event.preventDefault();
    // A pasted link counts as well: the token is its fragment.
    const before = store.token.peek();
    const kept = store.keep(typed.slice(typed.indexOf("#") + 1));
    setMalformed(!kept);
    // The same token once more means: try it again now.
    if (kept && store.token.peek() === before) location.reload();
  };
  const error = malformed ? text.errors.access : problem;
  return (
    <>
      <TopBar title="Comanda" />
      <main>
        <form class="token-form" onSubmit={submit}>
          <span class="state-icon">
            <Icon name="lock" />
          </span>
          <label for="token">{label}</label>
          <p>{staffText.token.explanation}</p>
          <input
            id="token"
            type="password"
            autocomplete="off"
            required
            value={typed}
            aria-invalid={error !== undefined}
            aria-describedby={error ? "token-error" : undefined}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
          {error && (
            <p id="token-error" class="error" role="alert">
              <Icon name="alert" />
              {error}
            </p>
          )}
          <button class="primary">{staffText.token.enter}</button>
        </form>
      </main>
    </>
  );
}
