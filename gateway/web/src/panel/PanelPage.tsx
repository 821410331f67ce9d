// Numbers and first names, to be read from across the room.

import { timestampMs } from "@bufbuild/protobuf/wkt";
import { useMemo } from "preact/hooks";
import type { Ticket } from "../gen/comanda/kitchen/v1/ticket_pb.ts";
import { OrderState } from "../gen/comanda/type/v1/order_state_pb.ts";
import type { LiveBoard } from "../lib/board/live_board.ts";
import { shopOffsets } from "../lib/time/zone.ts";
import { boardText } from "../lib/text/board_text.ts";
import { staffText } from "../lib/text/staff_text.ts";
import { LanguageSwitch } from "../ui/LanguageSwitch.tsx";
import { InsecureContext } from "../ui/state/InsecureContext.tsx";
import { StaleBanner, StatusPill } from "../ui/state/StatusPill.tsx";
import { UnknownShop } from "../ui/state/UnknownShop.tsx";
import { WatchMessage } from "../ui/state/WatchMessage.tsx";
import { Call } from "./Call.tsx";
import { useCalls } from "./calls.ts";
import { Idle } from "./Idle.tsx";
import { NumberList } from "./NumberList.tsx";
import { isUnknownShop, shopFace } from "./shop_face.ts";
import { SoundButton } from "./SoundButton.tsx";
import { WallClock } from "./WallClock.tsx";

export function PanelPage({ board }: { board: LiveBoard }) {
  const health = board.health.value;
  return (
    <div class={health.state === "lost" ? "panel is-stale" : "panel"}>
      {isUnknownShop.value ? (
        <main class="panel-message">
          <UnknownShop />
        </main>
      ) : (
        <Numbers board={board} />
      )}
      <footer>
        {shopFace.value.name && <b class="panel-shop"><bdi>{shopFace.value.name}</bdi></b>}
        <StatusPill health={board.health} clock={board.clock} />
        {board.tickets.value && <StaleBanner health={health} clock={board.clock} />}
        <InsecureContext />
        <span class="spacer" />
        <SoundButton />
        <LanguageSwitch />
        {shopOffsets.value.length > 0 && <WallClock clock={board.clock} />}
      </footer>
    </div>
  );
}

function Numbers({ board }: { board: LiveBoard }) {
  const tickets = board.tickets.value;
  const ready = useMemo(() => tickets?.filter(isReady).sort(lastReadyFirst) ?? null, [tickets]);
  const calls = useCalls(ready, board.health.value.state === "live");
  if (!tickets || !ready) {
    return (
      <main class="panel-message">
        <WatchMessage health={board.health.value} loading={boardText.board.loading} onRetry={board.tryNow} />
      </main>
    );
  }
  const preparing = tickets.filter((ticket) => !isReady(ticket) && ticket.state !== OrderState.CANCELLED);
  if (!ready.length && !preparing.length) return <Idle clock={board.clock} />;
  return (
    <main class="panel-lists">
      <NumberList kind="preparing" icon="cup" none={staffText.panel.nonePreparing} tickets={preparing} />
      <NumberList kind="ready" icon="bell" none={staffText.panel.noneReady} tickets={ready} />
      <Call tickets={calls} />
    </main>
  );
}

function isReady({ state }: Ticket): boolean {
  return state === OrderState.READY;
}

/** The newest call is always in sight, however many wait to be picked up. */
function lastReadyFirst(a: Ticket, b: Ticket): number {
  const time = (ticket: Ticket) => (ticket.updateTime ? timestampMs(ticket.updateTime) : 0);
  return time(b) - time(a) || Number(b.acceptedSeq - a.acceptedSeq);
}
