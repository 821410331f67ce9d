// Taps that wait for a connection, and those that were refused.

import type { LiveBoard } from "../../lib/board/live_board.ts";
import { staffText } from "../../lib/text/staff_text.ts";
import { Notices } from "../Notices.tsx";
import type { TapQueue } from "./queue.ts";
import { isWaiting } from "./tap.ts";

export function TapNotices({ board, queue }: { board: LiveBoard; queue: TapQueue }) {
  const taps = queue.taps.value;
  const waiting = taps.filter(isWaiting).length;
  const problems = taps.flatMap(({ requestId: id, number, refused }) =>
    refused === undefined ? [] : [{ id, text: staffText.board.failed(number, refused) }],
  );
  const note = waiting > 0 && board.health.value.state === "lost" ? staffText.board.waiting(waiting) : undefined;
  return <Notices note={note} problems={problems} onDismiss={queue.remove} />;
}
