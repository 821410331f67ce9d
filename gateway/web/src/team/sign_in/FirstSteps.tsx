// Who came by a link that works once chooses how to come in next time.

import { useState } from "preact/hooks";
import type { Staff } from "../../gen/comanda/identity/v1/identity_pb.ts";
import { Problem } from "../../ui/access/Problem.tsx";
import { useAttempt } from "../../ui/access/useAttempt.ts";
import { TopBar } from "../../ui/TopBar.tsx";
import { draftOf, errorsOf, type Draft } from "../people/draft.ts";
import { DraftField } from "../people/DraftField.tsx";
import { save } from "../people/save.ts";
import { rename } from "../session.ts";
import { teamText, tell } from "../team_text.ts";

export function FirstSteps({ staff }: { staff: Staff }) {
  const [draft, setDraft] = useState<Draft>(draftOf(staff));
  const [checked, setChecked] = useState(false);
  const { busy, error, waitS, run } = useAttempt();
  const errors = errorsOf(draft, { password: "required" });
  const submit = (event: Event) => {
    event.preventDefault();
    setChecked(true);
    if (Object.keys(errors).length === 0) run(() => save(draft, staff, staff));
  };
  const field = (name: "name" | "login" | "password") => (
    <DraftField name={name} draft={draft} errors={checked ? errors : {}} onChange={setDraft} />
  );
  return (
    <>
      <TopBar title={teamText.title} />
      <main>
        <form class="access-form" noValidate onSubmit={submit}>
          <h2>{teamText.first.title}</h2>
          <p>{teamText.first.explanation}</p>
          {field("name")}
          {field("login")}
          {field("password")}
          <Problem why={tell(error)} waitS={waitS} />
          <button class="primary" disabled={busy || waitS > 0}>
            {busy ? teamText.form.saving : teamText.first.save}
          </button>
          <button type="button" class="quiet" disabled={busy} onClick={() => rename(staff)}>
            {teamText.first.skip}
          </button>
          <p>{teamText.first.skipWarning}</p>
        </form>
      </main>
    </>
  );
}
