// Which stations the board shows, and the choice of others.

import { staffText } from "../lib/text/staff_text.ts";
import { Icon } from "../ui/Icon.tsx";
import { MAX_STATIONS, stations, toggleStation, watchAll, watched } from "./stations.ts";

export function StationBar() {
  const all = stations.value;
  const shown = watched.value;
  if (all.length === 0) return null;
  const button = (label: string, on: boolean, pick: () => void, full = false) => (
    <button type="button" key={label} aria-pressed={on} disabled={full} onClick={pick}>
      {on && <Icon name="check" />}
      <bdi>{label}</bdi>
    </button>
  );
  return (
    <div class="station-bar" role="group" aria-labelledby="stations">
      <span id="stations">{staffText.stations.shown}</span>
      {button(staffText.stations.all, shown.length === 0, watchAll)}
      {all.map((station) => {
        const on = shown.includes(station);
        return button(station, on, () => toggleStation(station), !on && shown.length >= MAX_STATIONS);
      })}
    </div>
  );
}
