import assert from "node:assert/strict";
import { test } from "node:test";
import { nearest } from "./nearest.ts";

const box = (name: string, column: number, row: number, height = 100) =>
  ({ name, left: column * 300, top: row * 110, width: 290, height });
const board = [box("a", 0, 0), box("b", 1, 0, 210), box("c", 2, 0), box("d", 0, 1), box("e", 2, 1)];

test("an arrow leads to the card beside, or to the nearest in that direction", () => {
  const from = (name: string, key: string) => nearest(key, board.find((one) => one.name === name)!, board)?.name ?? null;
  assert.deepEqual(["ArrowRight", "ArrowDown"].map((key) => from("a", key)), ["b", "d"]);
  assert.deepEqual(["ArrowLeft", "ArrowUp", "ArrowDown"].map((key) => from("e", key)), ["b", "c", null]);
  assert.equal(from("a", "ArrowLeft"), null);
  assert.equal(from("a", "x"), null);
});
