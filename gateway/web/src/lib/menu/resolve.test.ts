import assert from "node:assert/strict";
import { test } from "node:test";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { MenuSchema, type OptionGroupSchema, type ProductSchema } from "../../gen/comanda/catalog/v1/menu_pb.ts";
import { resolve } from "./resolve.ts";

const size: MessageInitShape<typeof OptionGroupSchema> = { optionGroupId: "size", name: "Tamanho", maxChoices: 1 };
const milk: MessageInitShape<typeof OptionGroupSchema> = { optionGroupId: "milk", name: "Leite", maxChoices: 1 };
const latte = { productId: "latte", name: "Latte", available: true, optionGroupIds: ["milk", "size"] };
const water = { productId: "water", name: "Água", available: true };

type Products = MessageInitShape<typeof ProductSchema>[];
const menu = (products: Products = [latte, water], optionGroups = [size, milk]) =>
  create(MenuSchema, { version: 1n, optionGroups, categories: [{ categoryId: "c", name: "Cafés", products }] });

test("each product gets its groups, in its own order", () => {
  const { products, categories } = resolve(menu());
  assert.deepEqual(products.get("latte")?.optionGroups.map((group) => group.name), ["Leite", "Tamanho"]);
  assert.deepEqual(products.get("water")?.optionGroups, []);
  assert.deepEqual(categories[0]?.products.map((product) => product.name), ["Latte", "Água"]);
});

test("a group that the menu lacks is left out", () => {
  assert.deepEqual(resolve(menu([latte], [size])).products.get("latte")?.optionGroups.map((g) => g.name), ["Tamanho"]);
});

test("what did not change stays the same object", () => {
  const held = resolve(menu());
  const next = resolve(menu([{ ...latte, available: false }, water]), held);
  assert.notEqual(next.products.get("latte"), held.products.get("latte"));
  assert.equal(next.products.get("latte")?.available, false);
  assert.equal(next.products.get("water"), held.products.get("water"));
  assert.equal(next.categories[0]?.products[1], held.products.get("water"));
});

test("each field counts, and a group that changed changes who offers it", () => {
  const held = resolve(menu());
  const changes: Products = [
    { ...water, description: "com gás" },
    { ...water, price: { currencyCode: "BRL", minorUnits: 1n } },
    { ...water, allergens: [7] },
    { ...water, stations: ["bar"] },
    { ...water, pictureUrl: "https://x.example/" },
    { ...water, availableAgainTime: { seconds: 1n } },
  ];
  for (const change of changes) {
    assert.notEqual(resolve(menu([latte, change]), held).products.get("water"), held.products.get("water"));
  }
  const next = resolve(menu([latte, water], [{ ...size, name: "Copo" }, milk]), held);
  assert.deepEqual(next.products.get("latte")?.optionGroups.map((group) => group.name), ["Leite", "Copo"]);
  assert.equal(next.products.get("water"), held.products.get("water"));
});
