// Signs in by login and password, or sends people to the provider that the shop has.

import { useState } from "preact/hooks";
import { Problem } from "../../ui/access/Problem.tsx";
import { useAttempt } from "../../ui/access/useAttempt.ts";
import { Field } from "../../ui/Field.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { TopBar } from "../../ui/TopBar.tsx";
import { LONGEST_LOGIN, LONGEST_PASSWORD } from "../people/draft.ts";
import { passwordProof } from "../people/save.ts";
import { signIn } from "../session.ts";
import { ProviderButton } from "./ProviderButton.tsx";
import { teamText, tell } from "../team_text.ts";

export function SignInForm({ why }: { why: string | null }) {
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const { busy, error, waitS, run } = useAttempt();
  const submit = (event: Event) => {
    event.preventDefault();
    run(() => signIn(passwordProof(login, password)));
  };
  return (
    <>
      <TopBar title={teamText.title} />
      <main>
        <form class="access-form" onSubmit={submit}>
          <span class="state-icon">
            <Icon name="person" />
          </span>
          <h2>{teamText.signIn.title}</h2>
          <p>{teamText.signIn.explanation}</p>
          <Field
            id="login"
            label={teamText.signIn.login}
            autocomplete="username"
            maxLength={LONGEST_LOGIN}
            required
            value={login}
            onInput={(typed) => setLogin(typed.trim().toLowerCase())}
          />
          <Field
            id="password"
            label={teamText.signIn.password}
            secret
            autocomplete="current-password"
            maxLength={LONGEST_PASSWORD}
            required
            value={password}
            onInput={setPassword}
          />
          <Problem why={error ? tell(error) : busy ? null : why} waitS={waitS} />
          <button class="primary" disabled={busy || waitS > 0}>
            {busy ? teamText.signIn.entering : teamText.signIn.enter}
          </button>
          <ProviderButton />
        </form>
      </main>
    </>
  );
}
