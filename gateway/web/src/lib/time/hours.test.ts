import assert from "node:assert/strict";
import { test } from "node:test";
import { businessDay, hasOpenedSince, ofToday, openingAt } from "./hours.ts";

const hoursFromUtc = (hours: number) => [{ seconds: hours * 3600 }];
const SAO_PAULO = hoursFromUtc(-3);
const span = (day: number, opensMinute: number, closesMinute: number) => ({ day, opensMinute, closesMinute });
/** 2026-03-02 is a Monday; in São Paulo it is three hours earlier than UTC. */
const at = (day: number, hour: number, minute = 0) => Date.UTC(2026, 2, 1 + day, hour + 3, minute);
type Special = Parameters<typeof openingAt>[1];
/** With the weekday, 1 for Monday, instead of the day. */
function when(hours: Parameters<typeof openingAt>[0], nowMs: number, zone = SAO_PAULO, special: Special = []) {
  const { day, ...opening } = { day: undefined, ...openingAt(hours, special, nowMs, zone) };
  return day === undefined ? opening : { ...opening, weekday: ((day + 3) % 7) + 1 };
}

const weekdays = [1, 2, 3, 4, 5].map((day) => span(day, 420, 1080));

test("without hours it is always open", () => {
  assert.deepEqual(when([], at(1, 3)), { state: "always" });
});

test("open from the first minute on, closed from the last on", () => {
  assert.deepEqual(when(weekdays, at(1, 6, 59)), { state: "closed", minute: 420, inDays: 0, weekday: 1 });
  assert.deepEqual(when(weekdays, at(1, 7)), { state: "open", minute: 1080, inDays: 0, weekday: 1 });
  assert.equal(when(weekdays, at(1, 17, 59)).state, "open");
  assert.deepEqual(when(weekdays, at(1, 18)), { state: "closed", minute: 420, inDays: 1, weekday: 2 });
});

test("over the weekend it names the day on which it opens", () => {
  assert.deepEqual(when(weekdays, at(5, 20)), { state: "closed", minute: 420, inDays: 3, weekday: 1 });
  assert.deepEqual(when(weekdays, at(7, 12)), { state: "closed", minute: 420, inDays: 1, weekday: 1 });
  assert.deepEqual(when([span(1, 420, 480)], at(1, 9)), { state: "closed", minute: 420, inDays: 7, weekday: 1 });
});

test("a night goes on after midnight, from Sunday into Monday too", () => {
  const nights = [span(5, 1080, 1560), span(7, 1080, 1560)];
  assert.deepEqual(when(nights, at(6, 1, 59)), { state: "open", minute: 120, inDays: 0, weekday: 6 });
  assert.equal(when(nights, at(6, 2)).state, "closed");
  assert.deepEqual(when(nights, at(7, 23)), { state: "open", minute: 120, inDays: 1, weekday: 1 });
  assert.deepEqual(when(nights, at(8, 1)), { state: "open", minute: 120, inDays: 0, weekday: 1 });
});

test("spans that touch are one; without a gap it is always open", () => {
  const touching = [span(1, 420, 1440), span(2, 0, 120)];
  assert.deepEqual(when(touching, at(1, 12)), { state: "open", minute: 120, inDays: 1, weekday: 2 });
  const round = [1, 2, 3, 4, 5, 6, 7].map((day) => span(day, 0, 1440));
  assert.deepEqual(when(round, at(3, 12)), { state: "always" });
});

test("the shop's clock counts, not the phone's", () => {
  assert.equal(when(weekdays, at(1, 7), hoursFromUtc(9)).state, "closed", "there it is 19:00");
  assert.equal(when(weekdays, at(1, 7), hoursFromUtc(0)).state, "open", "there it is 10:00");
});

test("a special day has its own hours and no others", () => {
  // A half day on Tuesday, closed on Wednesday; a night that began on Monday goes on.
  const special = [
    { date: "2026-03-03", spans: [{ opensMinute: 600, closesMinute: 840 }] },
    { date: "2026-03-04", spans: [] },
  ];
  const at18 = [1, 2, 3, 4, 5, 6, 7].map((day) => span(day, 1080, 1560));
  const then = (day: number, hour: number) => when(at18, at(day, hour), SAO_PAULO, special);
  assert.deepEqual(then(2, 1), { state: "open", minute: 120, inDays: 0, weekday: 2 });
  assert.deepEqual(then(2, 3), { state: "closed", minute: 600, inDays: 0, weekday: 2 });
  assert.deepEqual(then(2, 12), { state: "open", minute: 840, inDays: 0, weekday: 2 });
  assert.deepEqual(then(2, 19), { state: "closed", minute: 1080, inDays: 2, weekday: 4 });
});

test("a shop without hours may be closed for weeks", () => {
  const holidays = Array.from({ length: 28 }, (_, n) => ({ date: `2026-02-${`${n + 1}`.padStart(2, "0")}`, spans: [] }));
  const opening = openingAt([], holidays, Date.UTC(2026, 1, 1, 12), hoursFromUtc(0));
  assert.deepEqual(opening, { state: "closed", minute: 0, inDays: 28, day: Date.UTC(2026, 2, 1) / 86_400_000 });
  const march = Array.from({ length: 31 }, (_, n) => ({ date: `2026-03-${`${n + 1}`.padStart(2, "0")}`, spans: [] }));
  assert.deepEqual(openingAt([], [...holidays, ...march], Date.UTC(2026, 1, 1, 12), hoursFromUtc(0)), { state: "closed" });
});

test("a shop has opened again since its pause was set", () => {
  const at = (text: string) => Date.parse(`${text}Z`);
  const offsets = [{ seconds: 0 }];
  const lunchAndDinner = [
    { day: 2, opensMinute: 660, closesMinute: 900 },
    { day: 2, opensMinute: 1080, closesMinute: 1380 },
  ];
  const since = at("2026-11-24T14:00");
  assert.equal(hasOpenedSince(lunchAndDinner, [], since, at("2026-11-24T17:59"), offsets), false);
  assert.equal(hasOpenedSince(lunchAndDinner, [], since, at("2026-11-24T18:00"), offsets), true);
  assert.equal(hasOpenedSince(lunchAndDinner, [], at("2026-11-24T18:00"), at("2026-11-24T22:00"), offsets), false);
});

test("a business day begins when the shop says", () => {
  const day = (text: string, starts: number) => businessDay(Date.parse(`${text}Z`), starts, [{ seconds: 0 }]);
  assert.equal(day("2026-11-25T03:59", 240), day("2026-11-24T04:00", 240));
  assert.equal(day("2026-11-25T04:00", 240), day("2026-11-24T04:00", 240) + 1);
});

test("today is the shop's day, which begins when the shop says", () => {
  const shop = { dayStartsMinute: 240, utcOffsets: SAO_PAULO };
  const all = [3, 5, 23].map((hour) => ({ atMs: at(1, hour) }));
  assert.deepEqual(ofToday(all, at(1, 26), shop), all.slice(1));
  assert.deepEqual(ofToday(all, at(1, 29), shop), []);
});
