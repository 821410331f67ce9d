import assert from "node:assert/strict";
import { test } from "node:test";
import { parseOrders, withOrder, withOver } from "./own_orders.ts";

const at = (hour: number) => Date.UTC(2026, 2, 2, hour + 3);
const order = (number: string, hour: number) => ({ number, fragment: `id${number}.token`, atMs: at(hour), isOver: false });

test("all orders are kept, newest first, each once", () => {
  const orders = [order("1", 3), order("2", 5), order("1", 3)].reduce(withOrder, [] as ReturnType<typeof order>[]);
  assert.deepEqual(orders.map(({ number }) => number), ["1", "2"]);
});

test("what is over is marked, and no other", () => {
  const over = withOver([order("1", 5), order("11", 5)], "id1");
  assert.deepEqual(over.map(({ isOver }) => isOver), [true, false]);
});

test("what is no order is left out", () => {
  assert.deepEqual(parseOrders(JSON.stringify([order("1", 5), { ...order("2", 5), atMs: "x" }, { ...order("3", 5), shared: 1 }, null])), [order("1", 5)]);
  for (const stored of [null, "", "{", "7"]) assert.deepEqual(parseOrders(stored), []);
});
