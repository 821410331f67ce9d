import assert from "node:assert/strict";
import { test } from "node:test";
import { asWords, contrast, wordsOn } from "./brand.ts";

const BRANDS = ["#000000", "#ffffff", "#ffe600", "#1d5a4b", "#ff6a00", "#8a8a8a", "#00b7ff", "#fafafa"];

test("contrast is WCAG's", () => {
  assert.equal(contrast("#000000", "#ffffff"), 21);
  assert.equal(contrast("#777777", "#ffffff").toFixed(2), "4.48");
});

test("words on any colour, and of any colour, can be read", () => {
  for (const brand of BRANDS) {
    assert.ok(contrast(wordsOn(brand), brand) > 4, brand);
    assert.ok(contrast(asWords(brand), "#faf6f0") >= 4.5, brand);
  }
});

test("a colour that can be read stays as it is", () => {
  assert.equal(asWords("#1d5a4b"), "#1d5a4b");
});
