// Makes a pairing code for a device, and shows it.

import { useState } from "preact/hooks";
import { Role } from "../../gen/comanda/identity/v1/identity_pb.ts";
import { menu } from "../../lib/menu/menu.ts";
import { stationsOf } from "../../lib/menu/stations.ts";
import { SHOP } from "../../lib/shop.ts";
import { identity } from "../../lib/staff/identity.ts";
import { isolated } from "../../lib/text/foreign.ts";
import { Problem } from "../../ui/access/Problem.tsx";
import { useAttempt } from "../../ui/access/useAttempt.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { asMe } from "../session.ts";
import { teamText, tell } from "../team_text.ts";
import { DeviceForm, type Wanted } from "./DeviceForm.tsx";
import { PairingCode, type Code } from "./PairingCode.tsx";

export function NewDevice({ onClose }: { onClose(): void }) {
  const [wanted, setWanted] = useState<Wanted>({ name: "", role: Role.BARISTA, stations: [] });
  const [code, setCode] = useState<Code | null>(null);
  const { busy, error, waitS, run } = useAttempt();
  const make = () => run(async () => {
    // To know the new one by.
    const { devices } = await asMe((options) => identity.listDevices({ shopId: SHOP }, options));
    const request = { shopId: SHOP, ...wanted, stations: wanted.role === Role.PANEL ? [] : [...wanted.stations] };
    const { code, expireTime } = await asMe((options) => identity.createPairingCode(request, options));
    setCode({ code, expireTime, before: new Set(devices.map(({ deviceId }) => deviceId)) });
  });
  const name = isolated(wanted.name);
  return (
    <Dialog title={code ? teamText.code.title(name) : teamText.devices.add} onClose={onClose}>
      {code ? (
        <PairingCode key={code.code} of={code} name={name} role={wanted.role} onAgain={make} />
      ) : (
        <DeviceForm
          wanted={wanted}
          stations={menu.value ? stationsOf(menu.value) : []}
          busy={busy || waitS > 0}
          onChange={setWanted}
          onSubmit={make}
        />
      )}
      <Problem why={tell(error)} waitS={waitS} />
    </Dialog>
  );
}
