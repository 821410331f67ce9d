import assert from "node:assert/strict";
import { test } from "node:test";
import { parseRecent } from "./stored.ts";

const ANA = { orderId: "a", number: "41", name: "Ana", revision: "7", atMs: 1 };

test("what was handed over is remembered, and nothing else", () => {
  assert.deepEqual(parseRecent(JSON.stringify([ANA, { ...ANA, revision: "x" }, { ...ANA, atMs: "1" }, null, 7])), [ANA]);
  for (const stored of [null, "", "{", "7", "null"]) assert.deepEqual(parseRecent(stored), [], `${stored}`);
});
