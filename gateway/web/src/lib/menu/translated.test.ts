import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { ProductSchema } from "../../gen/comanda/catalog/v1/menu_pb.ts";
import { ownLanguage, translationIn } from "./translated.ts";

const told = (...codes: string[]) =>
  create(ProductSchema, { translations: codes.map((languageCode) => ({ languageCode, name: languageCode })) });

test("a translation into the language of the page, the exact one first", () => {
  assert.equal(translationIn(told("de", "en-GB"), "en", "pt-BR")?.name, "en-GB");
  assert.equal(translationIn(told("en-GB", "en"), "en", "pt-BR")?.name, "en");
  assert.equal(translationIn(told("de"), "en", "pt-BR"), undefined);
});

test("what is in the page's language already is not translated", () => {
  assert.equal(translationIn(told("pt-PT"), "pt-BR", "pt-BR"), undefined);
  assert.equal(translationIn(told("pt-PT"), "pt-BR", "en")?.name, "pt-PT");
});

test("a menu of a release before is in Portuguese", () => {
  assert.equal(ownLanguage({ languageCode: "" }), "pt-BR");
  assert.equal(ownLanguage({ languageCode: "en-US" }), "en");
  assert.equal(ownLanguage({ languageCode: "ja" }), null);
});
