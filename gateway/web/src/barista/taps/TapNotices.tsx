// Taps that wait for a connection, and those that were refused.

import type { LiveBoard } from "../../lib/board/live_board.ts";
import { boardText } from "../../lib/text/board_text.ts";
import type { Actions } from "../actions.ts";
import { useHeld } from "../board/useHeld.ts";
import { Notices } from "../Notices.tsx";
import { isWaiting } from "./tap.ts";

export function TapNotices({ board, actions: { queue, steps } }: { board: LiveBoard; actions: Actions }) {
  const taps = useHeld(queue.taps.value, steps.isStill.value);
  const waiting = taps.filter(isWaiting).length;
  const problems = taps.flatMap(({ requestId: id, number, refused, code }) =>
    refused === undefined ? [] : [{ id, text: boardText.board.failed(number, refused), code }],
  );
  const note = waiting > 0 && board.health.value.state === "lost" ? boardText.board.waiting(waiting) : undefined;
  return <Notices note={note} problems={problems} onDismiss={queue.remove} />;
}
