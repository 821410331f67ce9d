// The kitchen's board: one bar, the tickets, what is beside them, and below them what there is to know.

import { useEffect, useState } from "preact/hooks";
import { hourAndMinute, seconds } from "../lib/time/clock.ts";
import type { LiveBoard } from "../lib/board/live_board.ts";
import { menu, menuHealth } from "../lib/menu/held.ts";
import { lazily, whenIdle } from "../lib/lazily.tsx";
import { boardText } from "../lib/text/board_text.ts";
import { StateMessage } from "../ui/state/StateMessage.tsx";
import { StaleBanner } from "../ui/state/StatusPill.tsx";
import { UnknownShop } from "../ui/state/UnknownShop.tsx";
import { WatchMessage } from "../ui/state/WatchMessage.tsx";
import type { Actions } from "./actions.ts";
import { Bar } from "./bar/Bar.tsx";
import { Board } from "./board/Board.tsx";
import { useHeld } from "./board/useHeld.ts";
import type { Opened } from "./dialogs.tsx";
import type { Told } from "./news/tell.ts";
import { side } from "./settings.ts";
import { shift } from "./shift/shift.ts";
import { watched } from "./stations.ts";
import { TapNotices } from "./taps/TapNotices.tsx";
import { isPreparedBy } from "./ticket/lines.ts";

const InsecureContext = lazily(async () => (await import("../ui/state/InsecureContext.tsx")).InsecureContext);
const PauseBanner = lazily(async () => (await import("./pause/PauseBanner.tsx")).PauseBanner);
const ShiftNotices = lazily(async () => (await import("./shift/ShiftNotices.tsx")).ShiftNotices);
const Side = lazily(async () => (await import("./side/Side.tsx")).Side);
const Dialogs = lazily(async () => (await import("./dialogs.tsx")).Dialogs);

interface Props {
  board: LiveBoard;
  actions: Actions;
  told: Told;
}

export function BoardPage({ board, actions, told }: Props) {
  const [open, setOpen] = useState<Opened | null>(null);
  // A dialog that another one has replaced closes later, and takes nothing with it.
  const close = (what: Opened) => setOpen((now) => (now === what ? null : now));
  useEffect(() => {
    let stop = () => {};
    whenIdle(() => void import("./keys/keys.ts").then(({ followKeys }) => (stop = followKeys(actions, () => setOpen("help"))), () => undefined));
    return () => stop();
  }, []);
  const tickets = actions.tickets.value?.filter((ticket) => isPreparedBy(ticket, watched.value)) ?? null;
  const health = board.health.value;
  const heldHealth = useHeld(health, actions.steps.isStill.value);
  // A dialog must open also while the shop is away.
  useEffect(() => {
    if (health.state === "live") whenIdle(Dialogs.load);
  }, [health.state]);
  return (
    <div class={health.state === "lost" ? "station is-stale" : "station"}>
      <Bar board={board} tickets={tickets} glowing={told.glowing.value} onOpen={setOpen} />
      <p class="hidden" role="status">
        {told.words.value}
      </p>
      <div class="station-body">
        {menuHealth.value.state === "unknownShop" ? (
          <main class="station-message">
            <UnknownShop />
          </main>
        ) : !tickets ? (
          <main class="station-message">
            <WatchMessage health={health} loading={boardText.board.loading} onRetry={board.tryNow} />
          </main>
        ) : tickets.length === 0 && actions.steps.shown.value.size === 0 ? (
          <main class="station-message">
            <EmptyBoard board={board} />
          </main>
        ) : (
          <Board tickets={tickets} board={board} actions={actions} glowing={told.glowing.value} onOpen={(ticket) => setOpen({ ticket })} />
        )}
        {side.value === "open" && <Side tickets={tickets ?? []} actions={actions} onReopen={(reopen) => setOpen({ reopen })} />}
      </div>
      {!isSecureContext && <InsecureContext />}
      {/* Below, so that no card moves when they come. */}
      {menu.value && <PauseBanner isStill={actions.steps.isStill} />}
      {tickets && <StaleBanner health={heldHealth} clock={board.clock} />}
      {shift.value && <ShiftNotices />}
      <TapNotices board={board} actions={actions} />
      {open !== null && <Dialogs open={open} actions={actions} onOpen={setOpen} onClose={close} />}
    </div>
  );
}

/** Says how fresh that is: an empty board must not look like a broken one. */
function EmptyBoard({ board }: { board: LiveBoard }) {
  const heard = seconds.value && board.clock.heardAt();
  return (
    <StateMessage
      kind="empty"
      title={boardText.board.empty}
      detail={heard ? boardText.board.updated(hourAndMinute(heard)) : undefined}
    />
  );
}
