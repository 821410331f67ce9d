import assert from "node:assert/strict";
import { test } from "node:test";
import { ageOf } from "./age.ts";

const after = (seconds: number) => ageOf(1_000_000, 1_000_000 + seconds * 1000);

test("a ticket is fine, then asks for attention, then is late", () => {
  assert.deepEqual(after(0), { level: "ok", minutes: 0, lateBy: 0 });
  assert.deepEqual(after(5 * 60 - 1), { level: "ok", minutes: 4, lateBy: 0 });
  assert.deepEqual(after(5 * 60), { level: "warn", minutes: 5, lateBy: 0 });
  assert.deepEqual(after(8 * 60 - 1), { level: "warn", minutes: 7, lateBy: 0 });
  assert.deepEqual(after(8 * 60), { level: "late", minutes: 8, lateBy: 0 });
  assert.deepEqual(after(10 * 60 + 30), { level: "late", minutes: 10, lateBy: 2 });
});

test("a ticket from the future is new", () => {
  assert.deepEqual(after(-30), { level: "ok", minutes: 0, lateBy: 0 });
});
