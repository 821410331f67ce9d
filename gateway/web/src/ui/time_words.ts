// A moment to come, as the clock on the shop's wall will show it.

import { hourAndMinute } from "../lib/clock.ts";
import { serverNow } from "../lib/server_time.ts";
import { text } from "../lib/text.ts";

/** With the day, unless it is today. */
export function timeWords(ms: number, timeZone: string): string {
  const day = (at: number) => new Intl.DateTimeFormat("en-CA", { timeZone }).format(at);
  const time = hourAndMinute(ms, timeZone);
  if (day(ms) === day(serverNow())) return time;
  return text.opening.onDay(weekdayName(ms, timeZone), time);
}

export function weekdayName(ms: number, timeZone: string): string {
  return new Intl.DateTimeFormat(text.locale, { timeZone, weekday: "long" }).format(ms);
}
