// One paired device.

import { Role, type Device } from "../../gen/comanda/identity/v1/identity_pb.ts";
import { isolated } from "../../lib/text/foreign.ts";
import { Icon } from "../../ui/Icon.tsx";
import { momentWords } from "../moment.ts";
import { roleName } from "../roles.ts";
import { teamText } from "../team_text.ts";

export function DeviceCard({ device, onRevoke }: { device: Device; onRevoke(): void }) {
  const { name, role, stations, pairTime } = device;
  const where = stations.length ? teamText.devices.stations(stations.map(isolated).join(", ")) : teamText.devices.allStations;
  const facts = [roleName(role), role === Role.BARISTA && where, teamText.devices.paired(momentWords(pairTime))];
  return (
    <li class="team-card">
      <div class="team-what">
        <h3>
          <Icon name="tablet" /> <bdi>{name}</bdi>
        </h3>
        <p class="soft">{facts.filter(Boolean).join(" · ")}</p>
      </div>
      <div class="team-buttons">
        <button type="button" class="danger" aria-label={teamText.devices.revokeOf(isolated(name))} onClick={onRevoke}>
          {teamText.devices.revoke}
        </button>
      </div>
    </li>
  );
}
