// Whether a shop is open, by the clock on its wall. Pure. Days and minutes only: what a wall shows needs no instants, so
// the hour that summer time adds or takes matters to nobody here.

import type { OpeningHours, TimeSpan } from "../../gen/comanda/catalog/v1/menu_pb.ts";
import { onWall, type UtcOffsets } from "./zone.ts";

const DAY = 24 * 60;
const WEEK = 7 * DAY;
/** Days; holidays may follow each other. */
const AHEAD = 31;

export type Opening =
  /** It has no hours, or they leave no gap. */
  | { state: "always" }
  | ({ state: "open" } & Moment)
  /** The moment at which it opens. */
  | ({ state: "closed" } & Moment)
  /** Not soon. */
  | { state: "closed"; minute?: undefined };

export interface Moment {
  /** Minutes after midnight. */
  minute: number;
  /** 0 today, 1 tomorrow. */
  inDays: number;
  /** Days since 1970. */
  day: number;
}

type Week = readonly Pick<OpeningHours, "day" | "opensMinute" | "closesMinute">[];
type SpecialDays = readonly { date: string; spans: readonly Pick<TimeSpan, "opensMinute" | "closesMinute">[] }[];

export function openingAt(week: Week, special: SpecialDays, nowMs: number, offsets: UtcOffsets): Opening {
  const now = Math.floor(onWall(nowMs, offsets) / 60_000);
  const today = Math.floor(now / DAY);
  const spans: [from: number, to: number][] = [];
  for (let day = today - 1; day <= today + AHEAD; day++) {
    for (const { opensMinute, closesMinute } of spansOn(day, week, special)) {
      spans.push([day * DAY + opensMinute, day * DAY + closesMinute]);
    }
  }
  let end = now;
  // One span may begin where another ends: to people that is one.
  for (let next; (next = spans.find(([from, to]) => from <= end && end < to)); ) end = next[1];
  if (end >= now + WEEK) return { state: "always" };
  if (end > now) return { state: "open", ...momentOf(now, end) };
  const opens = Math.min(...spans.map(([from]) => from).filter((from) => from > now));
  return opens < Infinity ? { state: "closed", ...momentOf(now, opens) } : { state: "closed" };
}

/** Whether a span began after one moment and no later than another. */
export function hasOpenedSince(week: Week, special: SpecialDays, sinceMs: number, nowMs: number, offsets: UtcOffsets): boolean {
  const [since, now] = [sinceMs, nowMs].map((ms) => Math.floor(onWall(ms, offsets) / 60_000)) as [number, number];
  for (let day = Math.floor(since / DAY); day * DAY <= now; day++) {
    const opens = spansOn(day, week, special).map((span) => day * DAY + span.opensMinute);
    if (opens.some((at) => since < at && at <= now)) return true;
  }
  return false;
}

/** Days since 1970, by the shop's clock, each beginning so many minutes after midnight. */
export function businessDay(ms: number, startsMinute: number, offsets: UtcOffsets): number {
  return Math.floor((onWall(ms, offsets) / 60_000 - startsMinute) / DAY);
}

/** What happened on the business day of `nowMs`. */
export function ofToday<T extends { atMs: number }>(
  all: readonly T[],
  nowMs: number,
  shop: { dayStartsMinute: number; utcOffsets: UtcOffsets },
): T[] {
  const day = (ms: number) => businessDay(ms, shop.dayStartsMinute, shop.utcOffsets);
  return all.filter(({ atMs }) => day(atMs) === day(nowMs));
}

function spansOn(day: number, week: Week, special: SpecialDays) {
  const date = new Date(day * DAY * 60_000).toISOString().slice(0, 10);
  const other = special.find((one) => one.date === date);
  if (other) return other.spans;
  return week.length ? week.filter((span) => span.day === weekdayOf(day)) : [{ opensMinute: 0, closesMinute: DAY }];
}

function momentOf(now: number, then: number): Moment {
  const day = Math.floor(then / DAY);
  return { minute: then % DAY, inDays: day - Math.floor(now / DAY), day };
}

/** 1 for Monday. 1970 began on a Thursday. */
function weekdayOf(day: number): number {
  return ((day + 3) % 7) + 1;
}
