// For a tablet of several stations: which ones.

import { boardText } from "../../lib/text/board_text.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { MAX_STATIONS, stations, toggleStation, watched } from "../stations.ts";

export function StationsDialog({ onClose }: { onClose(): void }) {
  const shown = watched.value;
  return (
    <Dialog title={boardText.stations.open} onClose={onClose}>
      <p>{boardText.stations.explanation}</p>
      <div class="menu-items">
        {stations.value.map((station) => {
          const on = shown.includes(station);
          return (
            <button
              type="button"
              key={station}
              class="menu-item"
              aria-pressed={on}
              disabled={!on && shown.length >= MAX_STATIONS}
              onClick={() => toggleStation(station)}
            >
              {on && <Icon name="check" />}
              <bdi>{station}</bdi>
            </button>
          );
        })}
      </div>
    </Dialog>
  );
}
