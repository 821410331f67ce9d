import assert from "node:assert/strict";
import { test } from "node:test";
import { newlyReady } from "./calls.ts";

const order = (orderId: string) => ({ orderId });

test("what was ready when the panel began to look is not called", () => {
  assert.deepEqual(newlyReady(null, [order("a")]), []);
});

test("what became ready since is called once", () => {
  assert.deepEqual(newlyReady(new Set(["a"]), [order("b"), order("a")]), [order("b")]);
  assert.deepEqual(newlyReady(new Set(["a", "b"]), [order("b"), order("a")]), []);
});
