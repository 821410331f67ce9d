// Whether a shop is open, by the clock on its wall. Pure. Days and minutes only: what a wall shows needs no instants, so
// the hour that summer time adds or takes matters to nobody here.

import type { OpeningHours } from "../../gen/comanda/catalog/v1/menu_pb.ts";
import { onWall, type UtcOffsets } from "./zone.ts";

const DAY = 24 * 60;
const WEEK = 7 * DAY;

export type Opening =
  /** It has no hours, or they leave no gap. */
  | { state: "always" }
  | ({ state: "open" } & Moment)
  /** The moment at which it opens. */
  | ({ state: "closed" } & Moment);

export interface Moment {
  /** Minutes after midnight. */
  minute: number;
  /** 0 today, 1 tomorrow … 7 for this weekday in a week. */
  inDays: number;
  /** 1 for Monday … 7. */
  weekday: number;
}

type Span = Pick<OpeningHours, "day" | "opensMinute" | "closesMinute">;

export function openingAt(hours: readonly Span[], nowMs: number, offsets: UtcOffsets): Opening {
  if (hours.length === 0) return { state: "always" };
  const now = minuteOfWeek(onWall(nowMs, offsets));
  const spans = hours.map((span) => {
    const from = (span.day - 1) * DAY + span.opensMinute;
    return { from, length: span.closesMinute - span.opensMinute };
  });
  /** Minutes since a span last began. */
  const since = (from: number, at: number) => (((at - from) % WEEK) + WEEK) % WEEK;
  const openUntil = (at: number) => spans.find(({ from, length }) => since(from, at) < length);

  let end = now;
  // One span may begin where another ends: to people that is one.
  for (let span = openUntil(end); span && end < now + WEEK; span = openUntil(end)) end += span.length - since(span.from, end);
  if (end >= now + WEEK) return { state: "always" };
  if (end > now) return { state: "open", ...momentOf(now, end) };
  const wait = Math.min(...spans.map(({ from }) => since(now, from)));
  return { state: "closed", ...momentOf(now, now + wait) };
}

function momentOf(now: number, then: number): Moment {
  const day = Math.floor(then / DAY);
  return { minute: then % DAY, inDays: day - Math.floor(now / DAY), weekday: (day % 7) + 1 };
}

/** Since the beginning of Monday. 1970 began on a Thursday. */
function minuteOfWeek(wallMs: number): number {
  return Math.floor(wallMs / 60_000 + 3 * DAY) % WEEK;
}
