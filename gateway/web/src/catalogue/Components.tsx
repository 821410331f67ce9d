// The components of src/ui in their states.

import { ConnectError } from "@connectrpc/connect";
import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import type { Health } from "../lib/call/watch.ts";
import { ServerClock } from "../lib/time/clock.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { Field } from "../ui/Field.tsx";
import { Icon } from "../ui/Icon.tsx";
import { QrCode } from "../ui/QrCode.tsx";
import { StateMessage } from "../ui/state/StateMessage.tsx";
import { StaleBanner, StatusPill } from "../ui/state/StatusPill.tsx";
import { Stepper } from "../ui/Stepper.tsx";
import { TopBar } from "../ui/TopBar.tsx";

const CLOCK = new ServerClock();
const HEALTHS: Health[] = [
  { state: "connecting" },
  { state: "live" },
  { state: "lost", lostAt: 0, tries: 2, held: false, error: null },
  { state: "ended" },
  { state: "refused", error: new ConnectError("refused") },
];

export function Components() {
  const [isOpen, setOpen] = useState(false);
  const [count, setCount] = useState(1);
  const [name, setName] = useState("");
  return (
    <>
      <h2>Bars</h2>
      <TopBar title="Padaria da Praça" />
      {HEALTHS.map((health) => (
        <p key={health.state} class="row">
          <StatusPill health={signal(health)} clock={CLOCK} />
          <StaleBanner health={health} clock={CLOCK} />
        </p>
      ))}
      <h2>Buttons</h2>
      <p class="row">
        {["", "primary", "danger", "quiet"].map((kind) => (
          <button type="button" key={kind} class={kind}>
            {kind || "plain"}
          </button>
        ))}
        <button type="button" class="primary" disabled>
          disabled
        </button>
        <button type="button" class="icon-button" aria-label="Close">
          <Icon name="close" />
        </button>
        <button type="button" onClick={() => setOpen(true)}>
          Dialog
        </button>
      </p>
      {isOpen && (
        <Dialog title="A dialog" onClose={() => setOpen(false)}>
          <p>It closes on Escape, on its ground and by its button.</p>
        </Dialog>
      )}
      <h2>Fields</h2>
      <Field id="name" label="Name" value={name} autocomplete="off" maxLength={40} hint="As on the cup" onInput={setName} />
      <Field id="wrong" label="Wrong" value="?" autocomplete="off" maxLength={40} error="Letters only" onInput={() => {}} />
      <Stepper of="Cappuccino" value={count} min={1} max={9} onChange={setCount} />
      <h2>Tags</h2>
      <p class="row">
        <span class="tag">new</span>
        <span class="tag tag-sold-out">sold out</span>
        <span class="tag tag-changed">changed</span>
      </p>
      <QrCode text="https://comanda.example/" label="QR code" />
      <h2>States</h2>
      {(["loading", "empty", "error", "offline"] as const).map((kind) => (
        <StateMessage key={kind} kind={kind} title={kind} detail="One sentence more." />
      ))}
    </>
  );
}
