// What everybody may change: the own name, password and PIN.

import { useState } from "preact/hooks";
import type { Staff } from "../../gen/comanda/identity/v1/identity_pb.ts";
import { isolated } from "../../lib/text/foreign.ts";
import { teamText } from "../team_text.ts";
import { PersonDialog } from "./PersonDialog.tsx";

export function OwnEntry({ me }: { me: Staff }) {
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <section class="team-own">
      <p>{teamText.people.onlyManagers}</p>
      <button type="button" class="primary" onClick={() => setOpen(true)}>
        {teamText.people.editOf(isolated(me.name))}
      </button>
      {open && <PersonDialog who={me} me={me} onClose={close} onDone={close} />}
    </section>
  );
}
