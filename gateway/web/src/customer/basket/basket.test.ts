import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { MenuSchema, OptionGroupSchema, ProductSchema } from "../../gen/comanda/catalog/v1/menu_pb.ts";
import { MoneySchema } from "../../gen/comanda/type/v1/money_pb.ts";
import { resolve } from "../../lib/menu/resolve.ts";
import { add, MAX_LINES, parseBasket, picked, pieces, price, setWish, setQuantity, total, type BasketLine } from "./basket.ts";
import { isAllowed, missing, stillOffered, unitPrice, usualChoice } from "./pricing.ts";

const brl = (minorUnits: number) => ({ currencyCode: "BRL", minorUnits: BigInt(minorUnits) });
const option = (optionId: string, delta = 0) => ({ optionId, name: optionId, priceDelta: brl(delta) });

const size = create(OptionGroupSchema, {
  optionGroupId: "size",
  minChoices: 1,
  maxChoices: 1,
  options: [option("small", -150), option("large", 300)],
});
const extra = create(OptionGroupSchema, {
  optionGroupId: "extra",
  maxChoices: 2,
  options: [option("a", 100), option("b", 50), option("c")],
});
const latteTold = create(ProductSchema, {
  productId: "latte",
  name: "Latte",
  price: brl(1200),
  available: true,
  optionGroupIds: ["size", "extra"],
});

const menu = (products: (typeof latteTold)[], optionGroups = [extra, size]) =>
  resolve(create(MenuSchema, { categories: [{ products }], optionGroups }));
const latte = menu([latteTold]).products.get("latte")!;

const line = (change: Partial<BasketLine> = {}): BasketLine => ({
  productId: "latte",
  name: "Latte",
  quantity: 1,
  optionIds: ["small"],
  note: "",
  allergy: "",
  pickedPrice: "1050",
  ...change,
});

test("a piece costs its price and its options, downwards too", () => {
  assert.equal(unitPrice(latte, ["small"]).minorUnits, 1050n);
  assert.equal(unitPrice(latte, ["large", "a", "b"]).minorUnits, 1650n);
});

test("groups get what they ask for", () => {
  assert.equal(missing(size, []), 1);
  assert.equal(missing(size, ["small", "large"]), -1);
  assert.equal(missing(extra, []), 0);
  assert.equal(missing(extra, ["a", "b", "c"]), -1);
  assert.equal(isAllowed(latte, []), false);
  assert.equal(isAllowed(latte, ["small", "a"]), true);
  assert.equal(isAllowed(latte, ["small", "no longer there"]), false);
});

test("the menu's own choice comes first; without one, the first of what must be chosen", () => {
  const usual = (sizes: boolean[], extras: boolean[]) => {
    const offer = (group: typeof size, defaults: boolean[]) => ({
      ...group,
      options: group.options.map((one, at) => ({ ...one, chosenByDefault: defaults[at] ?? false })),
    });
    return usualChoice(menu([latteTold], [offer(size, sizes), offer(extra, extras)]).products.get("latte")!);
  };
  assert.deepEqual(usual([], []), ["small"]);
  assert.deepEqual(usual([false, true], []), ["large"]);
  assert.deepEqual(usual([true, true], [false, true, true]), ["small", "b", "c"]);
  assert.deepEqual(usual([], [true, true, true]), ["small", "a", "b"], "never more than a group takes");
  assert.deepEqual(stillOffered(latte, ["small", "no longer there"]), ["small"]);
});

test("the same wish shares a line, another one does not", () => {
  let basket = add([], line());
  basket = add(basket, line({ quantity: 2 }));
  basket = add(basket, line({ note: "sem açúcar" }));
  assert.equal(add(basket, line({ allergy: "nozes" })).length, basket.length + 1);
  basket = add(basket, line({ optionIds: ["large"] }));
  assert.deepEqual(basket.map((l) => l.quantity), [3, 1, 1]);
  assert.equal(pieces(basket), 5);
  assert.deepEqual([...picked(basket)], [["latte", 5]]);
});

test("quantities and lines stay within what an order may hold", () => {
  assert.equal(setQuantity([line()], 0, 150)[0]?.quantity, 99);
  assert.deepEqual(setQuantity([line()], 0, 0), []);
  assert.equal(setWish([line()], 0, "note", "quente")[0]?.note, "quente");
  const full = Array.from({ length: MAX_LINES }, (_, n) => line({ note: `${n}` }));
  assert.equal(add(full, line({ note: "more" })).length, MAX_LINES);
  assert.equal(add(full, line({ note: "0" }))[0]?.quantity, 2);
});

test("today's menu sets the price; what cannot be had is named and not counted", () => {
  const water = create(ProductSchema, { productId: "water", name: "Água", price: brl(500), available: false });
  const dearer = create(ProductSchema, { ...latteTold, price: create(MoneySchema, brl(1300)) });
  const lines = price(
    [line({ quantity: 2 }), line({ productId: "water", optionIds: [] }), line({ productId: "tea" }), line({ optionIds: [] })],
    menu([dearer, water]),
  );
  assert.deepEqual(lines.map((l) => l.problem), [null, "soldOut", "gone", "gone"]);
  assert.equal(lines[0]?.price, 1150n);
  assert.equal(total(lines), 2300n);
});

test("a stored basket comes back, and only its sound lines", () => {
  assert.deepEqual(parseBasket(JSON.stringify([line()])), [line()]);
  assert.deepEqual(parseBasket(null), []);
  assert.deepEqual(parseBasket("{not json"), []);
  assert.deepEqual(parseBasket('{"a":1}'), []);
  const unsound = [null, 3, { ...line(), quantity: 0 }, { ...line(), pickedPrice: "x" }, { ...line(), optionIds: [1] }];
  assert.deepEqual(parseBasket(JSON.stringify([...unsound, line()])), [line()]);
});
