import assert from "node:assert/strict";
import { test } from "node:test";
import { columnsIn, placesOf } from "./places.ts";

const heights: Record<string, number> = { a: 100, b: 300, c: 100, d: 100, e: 50 };
const flow = (ids: string, kept?: Parameters<typeof placesOf>[4]) =>
  placesOf([...ids], (id) => heights[id]!, 2, 10, kept);
const words = ({ places }: ReturnType<typeof flow>) => [...places].map(([id, { column, y }]) => `${id} ${column}/${y}`).sort();

test("each card comes as high as it can, the oldest first", () => {
  assert.deepEqual(words(flow("abcd")), ["a 0/0", "b 1/0", "c 0/110", "d 0/220"]);
  assert.equal(flow("abcd").height, 320);
  assert.equal(flow("").height, 0);
});

test("what is kept stays, also where a hole is, and what is new comes below", () => {
  const { places } = flow("abc");
  assert.deepEqual(words(flow("ebc", places)), ["b 1/0", "c 0/110", "e 0/220"]);
});

test("as many columns as fit, and one at least", () => {
  assert.deepEqual([200, 280, 567, 568, 1264].map((width) => columnsIn(width, 280, 8)), [1, 1, 1, 2, 4]);
});
