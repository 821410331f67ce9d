import assert from "node:assert/strict";
import { test } from "node:test";
import { ageOf, stopwatch, USUAL } from "./age.ts";

const after = (seconds: number, thresholds = USUAL) => ageOf(1_000_000, 1_000_000 + seconds * 1000, thresholds);

test("a ticket is fine, then asks for attention, then is late", () => {
  assert.deepEqual(after(0), { level: "ok", lateBy: 0 });
  assert.deepEqual(after(5 * 60 - 1), { level: "ok", lateBy: 0 });
  assert.deepEqual(after(5 * 60), { level: "warn", lateBy: 0 });
  assert.deepEqual(after(8 * 60 - 1), { level: "warn", lateBy: 0 });
  assert.deepEqual(after(8 * 60), { level: "late", lateBy: 0 });
  assert.deepEqual(after(10 * 60 + 30), { level: "late", lateBy: 2 });
});

test("a shop says for itself what is late", () => {
  const slow = { warn: 15, late: 20 };
  assert.deepEqual(after(14 * 60, slow), { level: "ok", lateBy: 0 });
  assert.deepEqual(after(16 * 60, slow), { level: "warn", lateBy: 0 });
  assert.deepEqual(after(23 * 60, slow), { level: "late", lateBy: 3 });
});

test("a ticket from the future is new", () => {
  assert.deepEqual(after(-30), { level: "ok", lateBy: 0 });
});

test("a stopwatch shows minutes and seconds, and hours to whoever waits that long", () => {
  const shown = (seconds: number) => stopwatch(5_000, 5_000 + seconds * 1000);
  assert.deepEqual([-3, 0, 59.9, 60, 602, 5999].map(shown), ["00:00", "00:00", "00:59", "01:00", "10:02", "99:59"]);
  assert.deepEqual([6000, 90_000].map(shown), ["1 h 40", "25 h 00"]);
});
