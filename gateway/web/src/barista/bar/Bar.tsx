// The one bar above the tickets: which shop, whether it is current, how much there is to do, the time, the stations, and
// the way to everything else.

import { menu } from "../../lib/menu/held.ts";
import { hourAndMinute, seconds, type ServerClock } from "../../lib/time/clock.ts";
import type { LiveBoard } from "../../lib/board/live_board.ts";
import type { Ticket } from "../../gen/comanda/kitchen/v1/ticket_pb.ts";
import { boardText } from "../../lib/text/board_text.ts";
import { StatusPill } from "../../ui/state/StatusPill.tsx";
import type { Opened } from "../dialogs.tsx";
import { BoardIcon } from "../BoardIcon.tsx";
import type { Kind } from "../news/news.ts";
import { WhoButton } from "../person/WhoButton.tsx";
import { side } from "../settings.ts";
import { ShiftButton } from "../shift/ShiftButton.tsx";
import { Counters } from "./Counters.tsx";
import { StationTabs } from "./StationTabs.tsx";

interface Props {
  board: LiveBoard;
  tickets: readonly Ticket[] | null;
  glowing: ReadonlyMap<string, Kind>;
  onOpen(what: Opened): void;
}

export function Bar({ board, tickets, glowing, onOpen }: Props) {
  const isOpen = side.value === "open";
  return (
    <header class="bar">
      <h1>
        <span class="hidden">{boardText.board.title} </span>
        <bdi>{menu.value?.shopName}</bdi>
      </h1>
      <div class="bar-pill">
        <StatusPill health={board.health} clock={board.clock} />
      </div>
      <Counters tickets={tickets ?? []} clock={board.clock} glows={[...glowing.values()].includes("new")} />
      <StationTabs />
      <Clock clock={board.clock} />
      <ShiftButton />
      <WhoButton onClick={() => onOpen("who")} />
      <button
        type="button"
        class="bar-button"
        aria-expanded={isOpen}
        aria-controls="side"
        onClick={() => (side.value = isOpen ? "closed" : "open")}
      >
        <BoardIcon name="list" />
        <span class="hidden">{boardText.side.open}</span>
      </button>
      <button type="button" class="bar-button" aria-haspopup="dialog" onClick={() => onOpen("menu")}>
        <BoardIcon name="menu" />
        <span class="hidden">{boardText.board.menu}</span>
      </button>
    </header>
  );
}

/** On the shop's wall, by the server. */
function Clock({ clock }: { clock: ServerClock }) {
  const now = clock.at(seconds.value);
  return <span class="bar-clock">{now !== null && hourAndMinute(now)}</span>;
}
