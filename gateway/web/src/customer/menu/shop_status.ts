// Whether the shop takes orders now, as far as this page can tell. What the server answers decides anyway.

import { timestampMs } from "@bufbuild/protobuf/wkt";
import { computed } from "@preact/signals";
import { isolated } from "../../lib/text/foreign.ts";
import { openingAt, type Moment, type Opening } from "../../lib/time/hours.ts";
import { menu } from "../../lib/menu/menu.ts";
import { serverMinute } from "../../lib/time/server_time.ts";
import { text } from "../../lib/text/text.ts";
import { dayName, timeWords } from "../../ui/state/time_words.ts";

/** Drawn again only when it changes, although it is asked every minute. */
const opening = computed(() => {
  const shop = menu.value;
  const now: Opening = shop ? openingAt(shop.openingHours, shop.specialDays, serverMinute.value, shop.utcOffsets) : { state: "always" };
  return JSON.stringify(now);
});

/** "Open until 18:00", "closed, opens Monday at 07:00"; null when there is nothing to say. */
export function openingWords(): { open: boolean; words: string } | null {
  const now = JSON.parse(opening.value) as Opening;
  if (now.state === "always") return null;
  if (now.minute === undefined) return { open: false, words: text.opening.closedUntil("", "") };
  const time = clockTime(now.minute);
  if (now.state === "open") return { open: true, words: text.opening.openUntil(time, dayWords(now)) };
  return { open: false, words: text.opening.closedUntil(time, dayWords(now)) };
}

/** Why staff take no orders for now, and until when. */
export function pauseWords(): string | null {
  const shop = menu.value;
  if (!shop?.pause) return null;
  const { reason, untilTime } = shop.pause;
  const until = untilTime && timeWords(timestampMs(untilTime), shop.utcOffsets);
  // The sentence around it has a full stop of its own.
  return text.opening.paused(isolated(reason.replace(/\.$/, "")), until ?? "");
}

/** Null while orders are taken. */
export function closedBecause(): string | null {
  const paused = pauseWords();
  if (paused) return paused;
  const hours = openingWords();
  return hours && !hours.open ? hours.words : null;
}

function dayWords({ inDays, day }: Moment): string {
  if (inDays === 0) return "";
  return inDays === 1 ? text.opening.tomorrow : dayName(day * 86_400_000, inDays > 7);
}

function clockTime(minute: number): string {
  const two = (n: number) => `${Math.floor(n)}`.padStart(2, "0");
  return `${two(minute / 60)}:${two(minute % 60)}`;
}
