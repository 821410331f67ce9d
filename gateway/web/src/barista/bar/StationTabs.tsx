// What the board shows: everything, or what one station prepares.

import { boardText } from "../../lib/text/board_text.ts";
import { stations, watchAll, watched, watchOnly } from "../stations.ts";

export function StationTabs() {
  const all = stations.value;
  const shown = watched.value;
  const tab = (label: string, on: boolean, pick: () => void) => (
    <button type="button" key={label} class="tab" aria-pressed={on} onClick={pick}>
      <bdi>{label}</bdi>
    </button>
  );
  return (
    <div class="tabs" role="group" aria-label={boardText.stations.shown}>
      {all.length > 0 && tab(boardText.stations.all, shown.length === 0, watchAll)}
      {all.map((station) => tab(station, shown.includes(station), () => watchOnly(station)))}
    </div>
  );
}
