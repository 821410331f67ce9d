import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { MenuSchema } from "../../../gen/comanda/catalog/v1/menu_pb.ts";
import { OrderSchema } from "../../../gen/comanda/orders/v1/order_pb.ts";
import { resolve } from "../../../lib/menu/resolve.ts";
import { again } from "./again.ts";

const brl = (minorUnits: bigint) => ({ currencyCode: "BRL", minorUnits });
const size = { optionGroupId: "size", minChoices: 1, maxChoices: 1, options: [{ optionId: "small" }] };
const menu = resolve(
  create(MenuSchema, {
    optionGroups: [size],
    categories: [
      {
        products: [
          { productId: "latte", name: "Latte", available: true, price: brl(1200n), optionGroupIds: ["size"] },
          { productId: "cake", name: "Bolo", available: false },
          { productId: "water", name: "Água", available: true, price: brl(500n) },
        ],
      },
    ],
  }),
);
const line = (productId: string, name: string, optionIds: string[] = []) => ({
  productId,
  name,
  quantity: 2,
  unitPrice: brl(1100n),
  options: optionIds.map((optionId) => ({ optionId })),
  note: "quente",
  allergy: "nozes",
});

test("what is still sold comes as it was ordered, at the price of then", () => {
  const { lines, missing } = again(create(OrderSchema, { lines: [line("latte", "Latte", ["small"])] }), menu);
  const wanted = { quantity: 2, optionIds: ["small"], note: "quente", allergy: "nozes", pickedPrice: "1100" };
  assert.deepEqual(lines, [{ productId: "latte", name: "Latte", ...wanted }]);
  assert.deepEqual(missing, []);
});

test("what is sold out, gone, or no longer made so is named once", () => {
  const lines = [line("cake", "Bolo"), line("cake", "Bolo"), line("gone", "Pavê"), line("latte", "Latte", ["huge"]), line("water", "Água")];
  const told = again(create(OrderSchema, { lines }), menu);
  assert.deepEqual(told.missing, ["Bolo", "Pavê", "Latte"]);
  assert.deepEqual(told.lines.map(({ name }) => name), ["Água"]);
});
