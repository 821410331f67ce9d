// The people of the shop: who is there, with what they may do, and who has left.

import { useState } from "preact/hooks";
import type { Staff } from "../../gen/comanda/identity/v1/identity_pb.ts";
import { SHOP } from "../../lib/shop.ts";
import { identity } from "../../lib/staff/identity.ts";
import { isolated } from "../../lib/text/foreign.ts";
import { Icon } from "../../ui/Icon.tsx";
import { Confirm } from "../Confirm.tsx";
import { momentWords } from "../moment.ts";
import { Section } from "../Section.tsx";
import { asMe } from "../session.ts";
import { teamText } from "../team_text.ts";
import { useLoaded } from "../useLoaded.ts";
import { PersonCard } from "./PersonCard.tsx";
import { PersonDialog } from "./PersonDialog.tsx";

type Open = { dialog: "add" } | { dialog: "edit" | "archive"; who: Staff } | null;

export function People({ me }: { me: Staff }) {
  const [open, setOpen] = useState<Open>(null);
  const loaded = useLoaded((options) => identity.listStaff({ shopId: SHOP, withArchived: true }, options));
  const close = () => setOpen(null);
  const done = () => {
    close();
    loaded.reload();
  };
  return (
    <section aria-labelledby="people">
      <header class="team-head">
        <h2 id="people">{teamText.sections.people}</h2>
        <button type="button" class="primary" onClick={() => setOpen({ dialog: "add" })}>
          <Icon name="plus" />
          {teamText.people.add}
        </button>
      </header>
      <Section
        of={loaded}
        loading={teamText.people.loading}
        failed={teamText.people.failed}
        draw={({ staff }) => (
          <>
            <ul class="team-list">
              {staff.filter(({ archiveTime }) => !archiveTime).map((who) => (
                <PersonCard
                  key={who.staffId}
                  who={who}
                  isMe={who.staffId === me.staffId}
                  onEdit={() => setOpen({ dialog: "edit", who })}
                  onArchive={() => setOpen({ dialog: "archive", who })}
                />
              ))}
            </ul>
            <Left people={staff.filter(({ archiveTime }) => archiveTime)} />
          </>
        )}
      />
      {open?.dialog === "add" && <PersonDialog who={null} me={me} onClose={close} onDone={done} />}
      {open?.dialog === "edit" && <PersonDialog who={open.who} me={me} onClose={close} onDone={done} />}
      {open?.dialog === "archive" && (
        <Confirm
          question={teamText.people.archiveQuestion(isolated(open.who.name))}
          explanation={teamText.people.archiveExplanation}
          yes={teamText.people.archiveYes}
          act={() => asMe((options) => identity.archiveStaff({ staffId: open.who.staffId }, options))}
          onClose={close}
          onDone={done}
        />
      )}
    </section>
  );
}

function Left({ people }: { people: readonly Staff[] }) {
  if (people.length === 0) return null;
  return (
    <details class="team-past">
      <summary>{teamText.people.left(people.length)}</summary>
      <ul>
        {people.map(({ staffId, name, login, archiveTime }) => (
          <li key={staffId}>
            <bdi>{name}</bdi> <span class="soft">({login}), {teamText.people.leftOn(momentWords(archiveTime))}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
