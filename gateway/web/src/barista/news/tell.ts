// Tells news of the board: a chime, a glow, and words for those who only listen.

import { effect, signal, type ReadonlySignal } from "@preact/signals";
import type { LiveBoard } from "../../lib/board/live_board.ts";
import { chime } from "../../lib/sound/chime.ts";
import { boardText } from "../../lib/text/board_text.ts";
import { sound } from "../settings.ts";
import { watched } from "../stations.ts";
import { isPreparedBy } from "../ticket/lines.ts";
import { newsOf, type Kind, type News } from "./news.ts";

/** Of one glow. */
const GLOW_MS = 600;

export interface Told {
  /** By order, while its card glows. */
  glowing: ReadonlySignal<ReadonlyMap<string, Kind>>;
  /** What happened last. */
  words: ReadonlySignal<string>;
  stop(): void;
}

/** `isOwn`: this tablet did it. */
export function tellNews(board: LiveBoard, isOwn: (news: News) => boolean): Told {
  const glowing = signal<ReadonlyMap<string, Kind>>(new Map());
  const words = signal("");
  let before = board.tickets.peek();

  const glow = (news: readonly News[]) => {
    const ids = news.map(({ ticket }) => ticket.orderId);
    glowing.value = new Map([...glowing.peek(), ...news.map(({ kind, ticket }) => [ticket.orderId, kind] as const)]);
    setTimeout(() => (glowing.value = new Map([...glowing.peek()].filter(([id]) => !ids.includes(id)))), GLOW_MS);
  };

  const stop = effect(() => {
    const now = board.tickets.value;
    const news = before && now ? newsOf(before, now) : [];
    before = now ?? before;
    const here = news.filter((one) => !isOwn(one) && isPreparedBy(one.ticket, watched.peek()));
    if (here.length === 0) return;
    glow(here);
    words.value = here.map(wordsOf).join(". ");
    // One for all; what stops work comes before what begins it.
    if (sound.peek() === "off") return;
    chime((["cancelled", "changed", "new"] as const).find((kind) => here.some((one) => one.kind === kind))!);
  });
  return { glowing, words, stop };
}

function wordsOf({ kind, ticket }: News): string {
  const items = ticket.lines.reduce((sum, { quantity }) => sum + quantity, 0);
  return boardText.news[kind](ticket.number.toString(), items);
}
