// The paired devices of the shop, and how another one is paired.

import { useState } from "preact/hooks";
import type { Device } from "../../gen/comanda/identity/v1/identity_pb.ts";
import { SHOP } from "../../lib/shop.ts";
import { identity } from "../../lib/staff/identity.ts";
import { isolated } from "../../lib/text/foreign.ts";
import { Icon } from "../../ui/Icon.tsx";
import { StateMessage } from "../../ui/state/StateMessage.tsx";
import { Confirm } from "../Confirm.tsx";
import { momentWords } from "../moment.ts";
import { Section } from "../Section.tsx";
import { asMe } from "../session.ts";
import { teamText } from "../team_text.ts";
import { useLoaded } from "../useLoaded.ts";
import { DeviceCard } from "./DeviceCard.tsx";
import { NewDevice } from "./NewDevice.tsx";

export function Devices() {
  const [open, setOpen] = useState<Device | "new" | null>(null);
  const loaded = useLoaded((options) => identity.listDevices({ shopId: SHOP }, options));
  const done = () => {
    setOpen(null);
    loaded.reload();
  };
  return (
    <section aria-labelledby="devices">
      <header class="team-head">
        <h2 id="devices">{teamText.sections.devices}</h2>
        <button type="button" class="primary" onClick={() => setOpen("new")}>
          <Icon name="plus" />
          {teamText.devices.add}
        </button>
      </header>
      <Section
        of={loaded}
        loading={teamText.devices.loading}
        failed={teamText.devices.failed}
        draw={({ devices }) => <List devices={devices} onRevoke={setOpen} />}
      />
      {open === "new" && <NewDevice onClose={done} />}
      {open && open !== "new" && (
        <Confirm
          question={teamText.devices.revokeQuestion(isolated(open.name))}
          explanation={teamText.devices.revokeExplanation}
          yes={teamText.devices.revokeYes}
          act={() => asMe((options) => identity.revokeDevice({ deviceId: open.deviceId }, options))}
          onClose={() => setOpen(null)}
          onDone={done}
        />
      )}
    </section>
  );
}

function List({ devices, onRevoke }: { devices: readonly Device[]; onRevoke(device: Device): void }) {
  const paired = devices.filter(({ revokeTime }) => !revokeTime);
  const past = devices.filter(({ revokeTime }) => revokeTime);
  return (
    <>
      {paired.length === 0 && <StateMessage kind="empty" title={teamText.devices.none} detail={teamText.devices.noneDetail} />}
      <ul class="team-list">
        {paired.map((device) => (
          <DeviceCard key={device.deviceId} device={device} onRevoke={() => onRevoke(device)} />
        ))}
      </ul>
      {past.length > 0 && (
        <details class="team-past">
          <summary>{teamText.devices.past(past.length)}</summary>
          <ul>
            {past.map(({ deviceId, name, revokeTime }) => (
              <li key={deviceId}>
                <bdi>{name}</bdi> <span class="soft">{teamText.devices.revoked(momentWords(revokeTime))}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
