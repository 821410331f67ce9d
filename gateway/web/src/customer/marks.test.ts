import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { PlaceOrderRequestSchema } from "../gen/comanda/orders/v1/order_service_pb.ts";
import { ErrorInfoSchema } from "../gen/google/rpc/error_details_pb.ts";
import { keyOf } from "./basket.ts";
import { marksOf } from "./marks.ts";

const request = create(PlaceOrderRequestSchema, {
  lines: [{ productId: "latte", optionIds: ["large"], note: "quente" }, { productId: "water" }],
});
const latte = keyOf({ productId: "latte", optionIds: ["large"], note: "quente " });
const water = keyOf({ productId: "water", optionIds: [], note: "" });

const refusal = (reason: string, metadata: Record<string, string>) =>
  new ConnectError("", Code.FailedPrecondition, undefined, [{ desc: ErrorInfoSchema, value: { reason, metadata } }]);

test("a refusal marks the lines that it names", () => {
  const soldOut = refusal("PRODUCT_SOLD_OUT", { "lines[1].product_id": "water", "lines[1].name": "Água" });
  assert.deepEqual([...marksOf(request, soldOut)], [[water, { kind: "soldOut" }]]);
  const price = refusal("PRICE_CHANGED", { "lines[0].seen": "1200", "lines[0].current": "1300" });
  assert.deepEqual([...marksOf(request, price)], [[latte, { kind: "price", seen: 1200n, current: 1300n }]]);
  assert.deepEqual([...marksOf(request, refusal("PRODUCT_NOT_FOUND", { line: "1" }))], [[water, { kind: "gone" }]]);
});

test("what names no line marks none", () => {
  for (const [reason, facts] of [
    ["SHOP_PAUSED", { reason: "lines[0]" }],
    ["PRICE_CHANGED", { "lines[0].seen": "1200" }],
    ["PRICE_CHANGED", { "lines[0].seen": "1200", "lines[0].current": "soon" }],
    ["PRODUCT_SOLD_OUT", { "lines[7].product_id": "water" }],
  ] as const) {
    assert.equal(marksOf(request, refusal(reason, facts)).size, 0);
  }
});
