// A moment to come, as the clock on the shop's wall will show it.

import { hourAndMinute } from "../../lib/time/clock.ts";
import { serverNow } from "../../lib/time/server_time.ts";
import { text } from "../../lib/text/text.ts";
import { onWall, type UtcOffsets } from "../../lib/time/zone.ts";

const DAY_MS = 86_400_000;

/** With the day, unless it is today. */
export function timeWords(ms: number, offsets: UtcOffsets): string {
  const day = (at: number) => Math.floor(onWall(at, offsets) / DAY_MS);
  const time = hourAndMinute(ms, offsets);
  if (day(ms) === day(serverNow())) return time;
  return text.opening.onDay(dayName(onWall(ms, offsets)), time);
}

/** Of a moment as a clock in Greenwich has it; further ahead than a week it is a date. */
export function dayName(wallMs: number, far = false): string {
  const form: Intl.DateTimeFormatOptions = far ? { day: "numeric", month: "long" } : { weekday: "long" };
  return new Intl.DateTimeFormat(text.locale, { timeZone: "UTC", ...form }).format(wallMs);
}
