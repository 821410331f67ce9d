import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { OrderSchema } from "../../../gen/comanda/orders/v1/order_pb.ts";
import { OrderState } from "../../../gen/comanda/type/v1/order_state_pb.ts";
import { estimateOf } from "./estimate.ts";

const NOON = Date.UTC(2026, 2, 2, 15);
const order = (state = OrderState.PREPARING) =>
  create(OrderSchema, {
    state,
    earliestReadyTime: timestampFromMs(NOON + 4 * 60_000 + 5_000),
    latestReadyTime: timestampFromMs(NOON + 8 * 60_000 + 5_000),
  });

test("a range, to the end of its last minute", () => {
  const estimate = { kind: "between", fromMs: NOON + 4 * 60_000 + 5_000, toMs: NOON + 9 * 60_000 };
  assert.deepEqual(estimateOf(order(), NOON), estimate);
});

test("from its beginning on it is almost ready, however long that takes", () => {
  for (const minutes of [5, 60, 6000]) assert.deepEqual(estimateOf(order(), NOON + minutes * 60_000), { kind: "almost" });
});

test("no word where the shop has no estimate, or where the order is not open", () => {
  assert.equal(estimateOf(create(OrderSchema, { state: OrderState.RECEIVED }), NOON), null);
  for (const state of [OrderState.READY, OrderState.COLLECTED, OrderState.CANCELLED]) {
    assert.equal(estimateOf(order(state), NOON), null);
  }
});
