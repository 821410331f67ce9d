// Numbers and first names, to be read from across the room.

import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { Ticket } from "../gen/comanda/kitchen/v1/ticket_pb.ts";
import { OrderState } from "../gen/comanda/type/v1/order_state_pb.ts";
import type { LiveBoard } from "../lib/board/live_board.ts";
import { staffText } from "../lib/text/staff_text.ts";
import { LanguageSwitch } from "../ui/LanguageSwitch.tsx";
import { InsecureContext } from "../ui/state/InsecureContext.tsx";
import { StateMessage } from "../ui/state/StateMessage.tsx";
import { StaleBanner, StatusPill } from "../ui/state/StatusPill.tsx";
import { UnknownShop } from "../ui/state/UnknownShop.tsx";
import { WatchMessage } from "../ui/state/WatchMessage.tsx";
import { NumberList } from "./NumberList.tsx";
import { isUnknownShop, shopName } from "./shop_name.ts";

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
        {shopName.value && <b class="panel-shop"><bdi>{shopName.value}</bdi></b>}
        <StatusPill health={board.health} clock={board.clock} />
        {board.tickets.value && <StaleBanner health={health} clock={board.clock} />}
        <InsecureContext />
        <span class="spacer" />
        <LanguageSwitch />
      </footer>
    </div>
  );
}

function Numbers({ board }: { board: LiveBoard }) {
  const tickets = board.tickets.value;
  const called = tickets?.filter((t) => t.state !== OrderState.CANCELLED);
  if (!tickets || !called?.length) {
    return (
      <main class="panel-message">
        {tickets ? (
          <StateMessage kind="empty" title={staffText.panel.empty} detail={staffText.panel.emptyDetail} />
        ) : (
          <WatchMessage health={board.health.value} loading={staffText.board.loading} onRetry={board.tryNow} />
        )}
      </main>
    );
  }
  const ready = called.filter((t) => t.state === OrderState.READY).sort(lastReadyFirst);
  const preparing = called.filter((t) => t.state !== OrderState.READY);
  return (
    <main class="panel-lists">
      <NumberList kind="preparing" icon="cup" none={staffText.panel.nonePreparing} tickets={preparing} clock={board.clock} />
      <NumberList kind="ready" icon="bell" none={staffText.panel.noneReady} tickets={ready} clock={board.clock} />
    </main>
  );
}

/** The newest call is always in sight, however many wait to be picked up. */
function lastReadyFirst(a: Ticket, b: Ticket): number {
  const time = (ticket: Ticket) => (ticket.updateTime ? timestampMs(ticket.updateTime) : 0);
  return time(b) - time(a) || Number(b.acceptedSeq - a.acceptedSeq);
}
