// For whoever watches over all stations: what is still missing of a ticket, and where.

import type { Ticket } from "../../gen/comanda/kitchen/v1/ticket_pb.ts";
import { isolated } from "../../lib/text/foreign.ts";
import { boardText } from "../../lib/text/board_text.ts";
import { Icon } from "../../ui/Icon.tsx";
import { progressOf } from "./lines.ts";

export function StationChips({ ticket }: { ticket: Ticket }) {
  const all = progressOf(ticket);
  if (all.length === 0) return null;
  return (
    <ul class="station-chips">
      {all.map(({ station, done, all }) => (
        <li key={station} class={done === all ? "is-complete" : undefined} aria-label={boardText.stations.progress(isolated(station), done, all)}>
          {done === all && <Icon name="check" />}
          <bdi>{station}</bdi> {done}/{all}
        </li>
      ))}
    </ul>
  );
}
