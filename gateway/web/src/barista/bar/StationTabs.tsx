// What the board shows: everything, or what one station prepares.

import { boardText } from "../../lib/text/board_text.ts";
import { expediter } from "../settings.ts";
import { expedite, stations, watchAll, watched, watchOnly } from "../stations.ts";

const show = (tab: HTMLButtonElement | null) => tab?.scrollIntoView({ block: "nearest", inline: "nearest" });

export function StationTabs() {
  const all = stations.value;
  const shown = watched.value;
  const expedites = expediter.value === "on" && shown.length === 0;
  const tab = (label: string, on: boolean, pick: () => void) => (
    <button type="button" key={label} ref={on ? show : null} class="tab" aria-pressed={on} onClick={pick}>
      <bdi>{label}</bdi>
    </button>
  );
  return (
    <div class="tabs" role="group" aria-label={boardText.stations.shown}>
      {all.length > 0 && tab(boardText.stations.all, shown.length === 0 && !expedites, watchAll)}
      {all.map((station) => tab(station, shown.includes(station), () => watchOnly(station)))}
      {all.length > 1 && tab(boardText.stations.expediter, expedites, expedite)}
    </div>
  );
}
