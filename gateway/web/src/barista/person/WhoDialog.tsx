// Signs a person in at this tablet, or out; also disconnects the tablet.

import { useEffect, useState } from "preact/hooks";
import { isolated } from "../../lib/text/foreign.ts";
import { staffText } from "../../lib/text/staff_text.ts";
import { Problem } from "../../ui/access/Problem.tsx";
import { useAttempt } from "../../ui/access/useAttempt.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { Disconnect } from "./Disconnect.tsx";
import { People } from "./People.tsx";
import { askMe, leave, me, person, signIn } from "./person.ts";
import { PinPad } from "./PinPad.tsx";
import { tellSignIn } from "./tell.ts";

export function WhoDialog({ onClose }: { onClose(): void }) {
  const [chosen, setChosen] = useState<{ staffId: string; name: string } | null>(null);
  const asked = useAttempt();
  // Afresh each time: people come and go.
  useEffect(() => asked.run(askMe), []);
  const enter = async (staffId: string, pin: string) => {
    await signIn(staffId, pin);
    onClose();
  };
  if (chosen) {
    return (
      <Dialog title={staffText.person.pinOf(isolated(chosen.name))} onClose={onClose}>
        <PinPad onEnter={(pin) => enter(chosen.staffId, pin)} onBack={() => setChosen(null)} />
      </Dialog>
    );
  }
  const one = person.value;
  return (
    <Dialog title={staffText.person.title} onClose={onClose}>
      <div class="who-form">
        {one ? <Working name={one.name} onLeave={() => (leave(), onClose())} /> : <p>{staffText.person.explanation}</p>}
        {me.value?.device || !me.value ? (
          <People asking={asked.busy} people={me.value?.people} onChoose={setChosen} />
        ) : (
          <p>{staffText.person.ownBrowser(isolated(me.value.staff?.name ?? ""))}</p>
        )}
        <Problem why={asked.error ? tellSignIn(asked.error) : null} />
        <Disconnect />
      </div>
    </Dialog>
  );
}

function Working({ name, onLeave }: { name: string; onLeave(): void }) {
  return (
    <div class="who-now">
      <Icon name="person" />
      <p>{staffText.person.now(isolated(name))}</p>
      <button type="button" onClick={onLeave}>
        {staffText.person.leave}
      </button>
    </div>
  );
}
