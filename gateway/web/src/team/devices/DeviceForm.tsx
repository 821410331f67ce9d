// What a new device is called and shows.

import { useState } from "preact/hooks";
import { Role } from "../../gen/comanda/identity/v1/identity_pb.ts";
import { Field } from "../../ui/Field.tsx";
import { teamText } from "../team_text.ts";

const LONGEST_NAME = 40;
const MOST_STATIONS = 10;

export interface Wanted {
  name: string;
  role: Role;
  stations: readonly string[];
}

interface Props {
  wanted: Wanted;
  stations: readonly string[];
  busy: boolean;
  onChange(wanted: Wanted): void;
  onSubmit(): void;
}

export function DeviceForm({ wanted, stations, busy, onChange, onSubmit }: Props) {
  const [checked, setChecked] = useState(false);
  const nameless = !wanted.name.trim();
  const submit = (event: Event) => {
    event.preventDefault();
    setChecked(true);
    if (nameless) document.getElementById("device-name")?.focus();
    else onSubmit();
  };
  const kind = (role: Role, words: string) => (
    <label class="option">
      <input type="radio" name="kind" checked={wanted.role === role} onChange={() => onChange({ ...wanted, role })} />
      <span>{words}</span>
    </label>
  );
  return (
    <form class="team-form" noValidate onSubmit={submit}>
      <Field
        id="device-name"
        label={teamText.devices.name}
        hint={teamText.devices.nameHint}
        autocomplete="off"
        maxLength={LONGEST_NAME}
        value={wanted.name}
        error={checked && nameless ? teamText.devices.nameMissing : null}
        onInput={(name) => onChange({ ...wanted, name })}
      />
      <fieldset class="segments">
        <legend>{teamText.devices.kind}</legend>
        {kind(Role.BARISTA, teamText.devices.kinds.barista)}
        {kind(Role.PANEL, teamText.devices.kinds.panel)}
      </fieldset>
      {wanted.role === Role.BARISTA && stations.length > 0 && (
        <Stations all={stations} chosen={wanted.stations} onChange={(chosen) => onChange({ ...wanted, stations: chosen })} />
      )}
      <button class="primary" disabled={busy}>
        {busy ? teamText.devices.makingCode : teamText.devices.makeCode}
      </button>
    </form>
  );
}

interface StationsProps {
  all: readonly string[];
  chosen: readonly string[];
  onChange(chosen: readonly string[]): void;
}

function Stations({ all, chosen, onChange }: StationsProps) {
  return (
    <fieldset class="team-stations">
      <legend>{teamText.devices.stationsLegend}</legend>
      {all.map((station) => {
        const on = chosen.includes(station);
        return (
          <label class="option" key={station}>
            <input
              type="checkbox"
              checked={on}
              disabled={!on && chosen.length >= MOST_STATIONS}
              onChange={() => onChange(on ? chosen.filter((one) => one !== station) : [...chosen, station])}
            />
            <bdi>{station}</bdi>
          </label>
        );
      })}
    </fieldset>
  );
}
