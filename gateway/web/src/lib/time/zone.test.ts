import assert from "node:assert/strict";
import { test } from "node:test";
import { offsetsOf, onWall } from "./zone.ts";

const clock = (ms: number, offsets: Parameters<typeof onWall>[1]) => new Date(onWall(ms, offsets)).toISOString().slice(11, 16);

const from = (ms: number, seconds: number) => ({
  fromTime: { $typeName: "google.protobuf.Timestamp" as const, seconds: BigInt(ms / 1000), nanos: 0 },
  seconds,
});

const vancouver = [from(Date.UTC(2026, 2, 8, 10), -7 * 3600)];
const lisbon = [
  from(Date.UTC(2026, 9, 1), 3600),
  from(Date.UTC(2026, 9, 25, 1), 0),
  from(Date.UTC(2027, 2, 28, 1), 3600),
];

test("a time is shown as the server's rules have it, whatever this device believes", () => {
  assert.equal(clock(Date.UTC(2026, 11, 1, 15, 30), vancouver), "08:30");
  assert.equal(clock(Date.UTC(2020, 11, 1, 15, 30), vancouver), "08:30", "the first counts before its time, too");
});

test("a clock is set at the very moment that the server names", () => {
  const shown = (ms: number) => clock(ms, lisbon);
  assert.equal(shown(Date.UTC(2026, 9, 25, 0, 59)), "01:59");
  assert.equal(shown(Date.UTC(2026, 9, 25, 1)), "01:00");
  assert.equal(shown(Date.UTC(2027, 2, 28, 1)), "02:00");
  assert.equal(shown(Date.UTC(2040, 0, 1)), "01:00", "the last has no end");
});

test("without a word from the server it is this device's clock", () => {
  const noon = new Date(2026, 5, 1, 12, 5).getTime();
  assert.equal(clock(noon, []), "12:05");
  assert.equal(onWall(noon, []), Date.UTC(2026, 5, 1, 12, 5));
});

test("a zone by its name, also in its summer, and none that nobody knows", () => {
  const seconds = (zone: string, month: number) => offsetsOf(zone, Date.UTC(2026, month, 1, 12))[0]?.seconds;
  assert.deepEqual([seconds("America/Sao_Paulo", 0), seconds("Asia/Kolkata", 0), seconds("UTC", 0)], [-10800, 19800, 0]);
  assert.deepEqual([seconds("Europe/Lisbon", 0), seconds("Europe/Lisbon", 6)], [0, 3600]);
  assert.deepEqual(offsetsOf("Nowhere/Nothing", 0), []);
});
