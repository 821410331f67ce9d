// The kitchen's board: three columns, oldest order first.

import { useState } from "preact/hooks";
import { hourAndMinute, seconds } from "../lib/clock.ts";
import type { LiveBoard } from "../lib/live_board.ts";
import { text } from "../lib/text.ts";
import { Icon } from "../ui/Icon.tsx";
import { StateMessage } from "../ui/StateMessage.tsx";
import { StaleBanner, StatusPill } from "../ui/StatusPill.tsx";
import { TopBar } from "../ui/TopBar.tsx";
import { WatchMessage } from "../ui/WatchMessage.tsx";
import type { Actions } from "./actions.ts";
import { Columns } from "./Columns.tsx";
import { Notices } from "./Notices.tsx";
import { StockDialog } from "./StockDialog.tsx";

interface Props {
  board: LiveBoard;
  actions: Actions;
  token: string;
  onLeave(): void;
}

export function BoardPage({ board, actions, token, onLeave }: Props) {
  const [stockOpen, setStockOpen] = useState(false);
  const tickets = board.tickets.value;
  const health = board.health.value;
  return (
    <div class={health.state === "lost" ? "station is-stale" : "station"}>
      <TopBar title={text.board.title}>
        <StatusPill health={board.health} clock={board.clock} />
        <span class="spacer" />
        <button type="button" onClick={() => setStockOpen(true)}>
          <Icon name="cup" />
          {text.stock.open}
        </button>
        <button type="button" class="quiet" onClick={onLeave}>
          <Icon name="lock" />
          <span class="wide-only">{text.token.leave}</span>
        </button>
      </TopBar>
      {tickets && <StaleBanner health={health} clock={board.clock} />}
      {!tickets ? (
        <main class="station-message">
          <WatchMessage health={health} loading={text.board.loading} onRetry={board.tryNow} />
        </main>
      ) : tickets.length === 0 ? (
        <main class="station-message">
          <EmptyBoard board={board} />
        </main>
      ) : (
        <Columns tickets={tickets} board={board} actions={actions} />
      )}
      <Notices actions={actions} />
      {stockOpen && <StockDialog token={token} onClose={() => setStockOpen(false)} />}
    </div>
  );
}

/** Says how fresh that is: an empty board must not look like a broken one. */
function EmptyBoard({ board }: { board: LiveBoard }) {
  const heard = seconds.value && board.clock.heardAt();
  return (
    <StateMessage
      kind="empty"
      title={text.board.empty}
      detail={heard ? text.board.updated(hourAndMinute(heard)) : undefined}
    />
  );
}
