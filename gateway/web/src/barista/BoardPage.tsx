// The kitchen's board: three columns, oldest order first.

import { useState } from "preact/hooks";
import type { Ticket } from "../gen/comanda/kitchen/v1/ticket_pb.ts";
import { hourAndMinute, seconds } from "../lib/time/clock.ts";
import type { LiveBoard } from "../lib/board/live_board.ts";
import { menu, menuHealth } from "../lib/menu/menu.ts";
import { staffText } from "../lib/text/staff_text.ts";
import { Icon } from "../ui/Icon.tsx";
import { InsecureContext } from "../ui/state/InsecureContext.tsx";
import { StateMessage } from "../ui/state/StateMessage.tsx";
import { StaleBanner, StatusPill } from "../ui/state/StatusPill.tsx";
import { TopBar } from "../ui/TopBar.tsx";
import { UnknownShop } from "../ui/state/UnknownShop.tsx";
import { WatchMessage } from "../ui/state/WatchMessage.tsx";
import type { Actions } from "./actions.ts";
import { Columns } from "./board/Columns.tsx";
import { CancelDialog } from "./CancelDialog.tsx";
import { RecentDialog } from "./recent/RecentDialog.tsx";
import { TapNotices } from "./taps/TapNotices.tsx";
import { PauseBanner } from "./pause/PauseBanner.tsx";
import { PauseDialog } from "./pause/PauseDialog.tsx";
import { WhoButton } from "./person/WhoButton.tsx";
import { WhoDialog } from "./person/WhoDialog.tsx";
import { isPreparedBy } from "./ticket/lines.ts";
import { StationBar } from "./StationBar.tsx";
import { watched } from "./stations.ts";
import { StockDialog } from "./stock/StockDialog.tsx";

interface Props {
  board: LiveBoard;
  actions: Actions;
}

export function BoardPage({ board, actions }: Props) {
  const [open, setOpen] = useState<"stock" | "pause" | "who" | "recent" | Ticket | null>(null);
  const close = () => setOpen(null);
  const tickets = actions.tickets.value?.filter((ticket) => isPreparedBy(ticket, watched.value)) ?? null;
  const health = board.health.value;
  return (
    <div class={health.state === "lost" ? "station is-stale" : "station"}>
      <TopBar title={<Title />}>
        <StatusPill health={board.health} clock={board.clock} />
        <WhoButton onClick={() => setOpen("who")} />
        <button type="button" onClick={() => setOpen("recent")}>
          <Icon name="receipt" />
          <span class="wide-only">{staffText.recent.open}</span>
        </button>
        <button type="button" onClick={() => setOpen("stock")}>
          <Icon name="cup" />
          {staffText.stock.open}
        </button>
        {menu.value && !menu.value.pause && (
          <button type="button" onClick={() => setOpen("pause")}>
            <Icon name="pause" />
            <span class="wide-only">{staffText.pause.open}</span>
          </button>
        )}
      </TopBar>
      <InsecureContext />
      <PauseBanner />
      <StationBar />
      {menuHealth.value.state === "unknownShop" ? (
        <main class="station-message">
          <UnknownShop />
        </main>
      ) : !tickets ? (
        <main class="station-message">
          <WatchMessage health={health} loading={staffText.board.loading} onRetry={board.tryNow} />
        </main>
      ) : tickets.length === 0 && actions.steps.shown.value.size === 0 ? (
        <main class="station-message">
          <EmptyBoard board={board} />
        </main>
      ) : (
        <Columns tickets={tickets} board={board} actions={actions} onCancel={setOpen} />
      )}
      {/* Below, so that no card moves when it comes. */}
      {tickets && <StaleBanner health={health} clock={board.clock} />}
      <TapNotices board={board} queue={actions.queue} />
      {open === "recent" && <RecentDialog actions={actions} onClose={close} />}
      {open !== null && typeof open === "object" && <CancelDialog ticket={open} onCancel={actions.cancel} onClose={close} />}
      {open === "stock" && <StockDialog onClose={close} />}
      {open === "pause" && <PauseDialog onClose={close} />}
      {open === "who" && <WhoDialog onClose={close} />}
    </div>
  );
}

/** Where there is room; the shop's name is what tells two tablets apart. */
function Title() {
  const shop = menu.value?.shopName;
  return (
    <>
      <span class={shop && "wide-only"}>{shop ? `${staffText.board.title} · ` : staffText.board.title}</span>
      <bdi>{shop}</bdi>
    </>
  );
}

/** Says how fresh that is: an empty board must not look like a broken one. */
function EmptyBoard({ board }: { board: LiveBoard }) {
  const heard = seconds.value && board.clock.heardAt();
  return (
    <StateMessage
      kind="empty"
      title={staffText.board.empty}
      detail={heard ? staffText.board.updated(hourAndMinute(heard)) : undefined}
    />
  );
}
