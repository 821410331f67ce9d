// One person: name, role, and how he or she may sign in.

import { Role, type Staff } from "../../gen/comanda/identity/v1/identity_pb.ts";
import { isolated } from "../../lib/text/foreign.ts";
import { Icon } from "../../ui/Icon.tsx";
import { roleName } from "../roles.ts";
import { teamText } from "../team_text.ts";

interface Props {
  who: Staff;
  isMe: boolean;
  onEdit(): void;
  onArchive(): void;
}

export function PersonCard({ who, isMe, onEdit, onArchive }: Props) {
  const name = isolated(who.name);
  const shops = who.role === Role.OWNER ? "" : who.shopIds.join(", ");
  return (
    <li class="team-card">
      <div class="team-what">
        <h3>
          <bdi>{who.name}</bdi> {isMe && <span class="tag">{teamText.people.you}</span>}
        </h3>
        <p class="soft">{[roleName(who.role), who.login, shops].filter(Boolean).join(" · ")}</p>
        <p class="team-tags">
          <Has it={who.hasPin} yes={teamText.people.hasPin} no={teamText.people.noPin} />
          <Has it={who.hasPassword} yes={teamText.people.hasPassword} no={teamText.people.noPassword} />
          {who.byProvider && <span class="tag">{teamText.people.byProvider}</span>}
        </p>
      </div>
      <div class="team-buttons">
        <button type="button" aria-label={teamText.people.editOf(name)} onClick={onEdit}>
          {teamText.people.edit}
        </button>
        {!isMe && (
          <button type="button" class="quiet" aria-label={teamText.people.archiveOf(name)} onClick={onArchive}>
            {teamText.people.archive}
          </button>
        )}
      </div>
    </li>
  );
}

function Has({ it, yes, no }: { it: boolean; yes: string; no: string }) {
  return (
    <span class={it ? "tag" : "tag tag-none"}>
      <Icon name={it ? "check" : "minus"} />
      {it ? yes : no}
    </span>
  );
}
