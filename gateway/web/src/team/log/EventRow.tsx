// One thing that concerned security: what, who, whom, from where, when.

import type { SecurityEvent } from "../../gen/comanda/identity/v1/identity_pb.ts";
import { isolated } from "../../lib/text/foreign.ts";
import { Icon } from "../../ui/Icon.tsx";
import { momentWords } from "../moment.ts";
import { teamText } from "../team_text.ts";

/** Somebody ought to look at these. */
const REFUSALS = ["SIGN_IN_REFUSED", "SIGN_IN_SLOWED", "REFRESH_REUSED", "PAIRING_REFUSED"];

export function EventRow({ event: { kind, actor, subject, address, detail, eventTime } }: { event: SecurityEvent }) {
  const known: Readonly<Record<string, string>> = teamText.log.kinds;
  const refused = REFUSALS.includes(kind);
  // Of who signs in the subject is the login, often the name again.
  const whom = subject.toLowerCase() === actor.toLowerCase() ? "" : isolated(subject);
  const who = isolated(actor || (whom ? "" : teamText.log.nobody));
  return (
    <li class={refused ? "log-row is-refused" : "log-row"}>
      <Icon name={refused ? "alert" : "check"} />
      <p>
        <strong>{known[kind] ?? kind}</strong> {[who, whom].filter(Boolean).join(" → ")}
        {detail && <span class="log-detail">{isolated(detail)}</span>}
      </p>
      <p class="soft">
        {momentWords(eventTime)}
        {address && ` · ${teamText.log.from(address)}`}
      </p>
    </li>
  );
}
