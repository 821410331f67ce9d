// Adds a person, or changes one.

import { useState } from "preact/hooks";
import { Role, type Staff } from "../../gen/comanda/identity/v1/identity_pb.ts";
import { SHOP } from "../../lib/shop.ts";
import { isolated } from "../../lib/text/foreign.ts";
import { Problem } from "../../ui/access/Problem.tsx";
import { useAttempt } from "../../ui/access/useAttempt.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { givenBy, roleName } from "../roles.ts";
import { teamText, tell } from "../team_text.ts";
import { draftOf, errorsOf, loginOf, type Draft, type DraftError } from "./draft.ts";
import { DraftField } from "./DraftField.tsx";
import { save } from "./save.ts";

interface Props {
  /** Null for somebody new. */
  who: Staff | null;
  me: Staff;
  onClose(): void;
  onDone(): void;
}

const NOBODY = { name: "", login: "", role: Role.BARISTA, shopIds: [SHOP] };

export function PersonDialog({ who, me, onClose, onDone }: Props) {
  const isMe = who?.staffId === me.staffId;
  const [draft, setDraft] = useState<Draft>(draftOf(who ?? NOBODY));
  const [checked, setChecked] = useState(false);
  const { busy, error, waitS, run } = useAttempt();
  const errors = errorsOf(draft, isMe && who.hasPassword ? { present: "required" } : {});

  // Until a login is typed it follows the name.
  const change = (next: Draft) => {
    const follows = !who && draft.login === loginOf(draft.name) && next.name !== draft.name;
    setDraft(follows ? { ...next, login: loginOf(next.name) } : next);
  };
  const submit = (event: Event) => {
    event.preventDefault();
    setChecked(true);
    const [first] = Object.keys(errors);
    if (first) return document.getElementById(`person-${first}`)?.focus();
    run(async () => {
      await save(draft, who, me);
      onDone();
    });
  };
  const field = (name: DraftError, kept = false) => (
    <DraftField name={name} draft={draft} errors={checked ? errors : {}} kept={kept} onChange={change} />
  );
  const manages = me.role >= Role.MANAGER;
  const namesShops = draft.role !== Role.OWNER && (me.role === Role.OWNER || me.shopIds.length > 1);
  return (
    <Dialog title={who ? teamText.people.editOf(isolated(who.name)) : teamText.people.add} onClose={onClose}>
      <form class="team-form" noValidate onSubmit={submit}>
        {field("name")}
        {field("login")}
        {manages && !isMe && <Roles of={givenBy(me.role)} chosen={draft.role} onChoose={(role) => setDraft({ ...draft, role })} />}
        {manages && !isMe && namesShops && field("shops")}
        {field("pin", who?.hasPin)}
        {field("password", who?.hasPassword)}
        {isMe && who.hasPassword && field("present")}
        {who && <p class="soft">{teamText.form.endsSessions}</p>}
        <Problem why={tell(error)} waitS={waitS} />
        <button class="primary" disabled={busy || waitS > 0}>
          {busy ? teamText.form.saving : teamText.form.save}
        </button>
      </form>
    </Dialog>
  );
}

function Roles({ of, chosen, onChoose }: { of: readonly Role[]; chosen: Role; onChoose(role: Role): void }) {
  return (
    <fieldset class="segments">
      <legend>{teamText.form.role}</legend>
      {of.map((role) => (
        <label class="option" key={role}>
          <input type="radio" name="role" checked={chosen === role} onChange={() => onChoose(role)} />
          <span>{roleName(role)}</span>
        </label>
      ))}
    </fieldset>
  );
}
