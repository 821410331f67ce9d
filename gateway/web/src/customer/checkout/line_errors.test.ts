import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { MenuSchema, ProductSchema } from "../../gen/comanda/catalog/v1/menu_pb.ts";
import { PlaceOrderRequestSchema } from "../../gen/comanda/orders/v1/order_service_pb.ts";
import { ErrorInfoSchema } from "../../gen/google/rpc/error_details_pb.ts";
import { resolve } from "../../lib/menu/resolve.ts";
import { keyOf } from "../basket/basket.ts";
import { lineErrorsOf } from "./line_errors.ts";

const request = create(PlaceOrderRequestSchema, {
  lines: [{ productId: "latte", optionIds: ["large"], note: "quente", allergy: "" }, { productId: "water" }],
});
const latte = keyOf({ productId: "latte", optionIds: ["large"], note: "quente ", allergy: "" });
const water = keyOf({ productId: "water", optionIds: [], note: "", allergy: "" });

const refusal = (reason: string, metadata: Record<string, string>) =>
  new ConnectError("", Code.FailedPrecondition, undefined, [{ desc: ErrorInfoSchema, value: { reason, metadata } }]);

test("a refusal lineErrors the lines that it names", () => {
  const soldOut = refusal("PRODUCT_SOLD_OUT", { "lines[1].product_id": "water", "lines[1].name": "Água" });
  assert.deepEqual([...lineErrorsOf(request, soldOut)], [[water, { kind: "soldOut" }]]);
  const price = refusal("PRICE_CHANGED", { "lines[0].seen": "1200", "lines[0].current": "1300" });
  assert.deepEqual([...lineErrorsOf(request, price)], [[latte, { kind: "price", seen: 1200n, current: 1300n }]]);
  assert.deepEqual([...lineErrorsOf(request, refusal("PRODUCT_NOT_FOUND", { line: "1" }))], [[water, { kind: "gone" }]]);
});

test("lines that a refusal leaves out are marked by the menu", () => {
  const product = (productId: string, minorUnits: bigint, available: boolean) =>
    create(ProductSchema, { productId, available, price: { currencyCode: "BRL", minorUnits } });
  const told = [product("tea", 700n, true), product("pie", 900n, false), product("water", 400n, true)];
  const menu = resolve(create(MenuSchema, { categories: [{ products: told }] }));
  const line = (productId: string, seen: bigint, note = "") => ({
    productId,
    note,
    seenUnitPrice: { currencyCode: "BRL", minorUnits: seen },
  });
  const lines = Array.from({ length: 50 }, (_, n) => line("tea", 650n, `${n}`));
  const order = create(PlaceOrderRequestSchema, {
    lines: [...lines.slice(0, 47), line("water", 400n), line("pie", 900n), line("cake", 1n)],
  });
  const facts = { "lines[0].seen": "650", "lines[0].current": "700", left_out: "46" };
  const price = lineErrorsOf(order, refusal("PRICE_CHANGED", facts), menu);
  assert.equal(price.size, 47);
  for (const mark of price.values()) assert.deepEqual(mark, { kind: "price", seen: 650n, current: 700n });
  const soldOut = lineErrorsOf(order, refusal("PRODUCT_SOLD_OUT", { left_out: "1" }), menu);
  assert.deepEqual([...soldOut], [[keyOf({ productId: "pie", optionIds: [], note: "", allergy: "" }), { kind: "soldOut" }]]);
  // What names all of them needs no menu, which may be of another moment.
  const { left_out: _, ...all } = facts;
  assert.equal(lineErrorsOf(order, refusal("PRICE_CHANGED", all), menu).size, 1);
});

test("what names no line lineErrors none", () => {
  for (const [reason, facts] of [
    ["SHOP_PAUSED", { reason: "lines[0]" }],
    ["PRICE_CHANGED", { "lines[0].seen": "1200" }],
    ["PRICE_CHANGED", { "lines[0].seen": "1200", "lines[0].current": "soon" }],
    ["PRODUCT_SOLD_OUT", { "lines[7].product_id": "water" }],
  ] as const) {
    assert.equal(lineErrorsOf(request, refusal(reason, facts)).size, 0);
  }
});
