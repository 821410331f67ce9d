import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { MenuSchema } from "../../gen/comanda/catalog/v1/menu_pb.ts";
import { resolve } from "./resolve.ts";
import { fold, isLong, MAX_FOUND, search } from "./search.ts";

const product = (name: string, description = "") => ({ productId: `${name} ${description}`, name, description });
const menu = (categories: Record<string, ReturnType<typeof product>[]>) =>
  resolve(create(MenuSchema, { categories: Object.entries(categories).map(([name, products]) => ({ name, products })) }));

const { categories } = menu({
  Cafés: [product("Café com leite"), product("Latte", "com açúcar mascavo"), product("Espresso")],
  Doces: [product("Pão de açúcar"), product("Brigadeiro", "de leite")],
});
const found = (typed: string) => search(categories, typed).products.map(({ name }) => name);

test("accents, capitals and surplus space do not matter, on either side", () => {
  assert.equal(fold("  Pão   DE Açúcar "), "pao de acucar");
  assert.deepEqual(found("ACUCAR"), ["Latte", "Pão de açúcar"]);
  assert.deepEqual(found("açúcar"), ["Latte", "Pão de açúcar"]);
});

test("every word must be there, in the name, the description or the category", () => {
  assert.deepEqual(found("leite brig"), ["Brigadeiro"]);
  assert.deepEqual(found("doces leite"), ["Brigadeiro"]);
  assert.deepEqual(found("chá"), []);
});

test("names that begin with it come first", () => {
  assert.deepEqual(found("la"), ["Latte"]);
  assert.deepEqual(found("pa"), ["Pão de açúcar"]);
  assert.deepEqual(search(menu({ A: [product("Bolo de café"), product("Café")] }).categories, "cafe").products.map((p) => p.name), ["Café", "Bolo de café"]);
});

test("what is translated is found by either name, whatever the page speaks", () => {
  const bread = { ...product("Pão na chapa"), translations: [{ languageCode: "en", name: "Toasted roll", description: "with butter" }] };
  const shop = resolve(create(MenuSchema, { categories: [{ name: "Pães", translations: [{ languageCode: "en", name: "Bakery" }], products: [product("Café com toast"), bread] }] }));
  const names = (typed: string) => search(shop.categories, typed).products.map(({ name }) => name);
  assert.deepEqual(names("toasted butter"), ["Pão na chapa"]);
  assert.deepEqual(names("chapa"), ["Pão na chapa"]);
  assert.deepEqual(names("bakery pao"), ["Café com toast", "Pão na chapa"].slice(1));
  assert.deepEqual(names("toast"), ["Pão na chapa", "Café com toast"], "a translated name may begin with it as well");
});

test("it shows some and counts all; letters that mean something elsewhere are letters", () => {
  const many = menu({ A: Array.from({ length: 200 }, (_, n) => product(`Chá ${n}`)) });
  assert.equal(isLong(many), true);
  const { products, count } = search(many.categories, "cha");
  assert.deepEqual([products.length, count], [MAX_FOUND, 200]);
  assert.deepEqual(found("("), []);
});
