import assert from "node:assert/strict";
import { test } from "node:test";
import { inHalves, ofFragment, ofTyped } from "./given.ts";

const CODE = { as: "code", secret: "ABCD2345" };
const TOKEN = { as: "token", secret: "aa.bb-c.dd_d" };

test("a code may be typed in any case, with spaces and dashes", () => {
  for (const typed of ["ABCD2345", "abcd-2345", " ab cd 23 45 ", "ABCD–2345", "a-b-c-d-2-3-4-5"]) {
    assert.deepEqual(ofTyped(typed), CODE, typed);
  }
  for (const typed of ["", "ABCD234", "ABCD23456", "ABCD234!", "ABCD.345 ", "ABÇD2345"]) {
    assert.notEqual(ofTyped(typed)?.as, "code", typed);
  }
});

test("a whole link counts, and so does what follows its #", () => {
  assert.deepEqual(ofTyped("https://cafe.example/barista?loja=sul#pair=abcd2345"), CODE);
  assert.deepEqual(ofTyped("http://127.0.0.1:8080/barista#aa.bb-c.dd_d"), TOKEN);
  assert.deepEqual(ofTyped(" aa.bb-c.dd_d\n"), TOKEN);
  assert.deepEqual(ofFragment("pair=ABCD2345"), CODE);
  assert.deepEqual(ofFragment("aa.bb-c.dd_d"), TOKEN);
  assert.deepEqual(ofFragment("link=x_Y-z"), { as: "link", secret: "x_Y-z" });
});

test("a code in a link may be longer than what people type", () => {
  const secret = "HS9EUS7HEPH8X5MTGKEWMMMA48AFJPAY8VZKWHL7C4L99L6Z7JEY";
  assert.deepEqual(ofFragment(`pair=${secret}`), { as: "code", secret });
  assert.equal(ofTyped(secret), null);
  assert.equal(inHalves(secret), secret);
});

test("what opens nothing is told apart", () => {
  for (const fragment of ["", "wrong", "pair=", "pair=ABC", "link=", "a b.c", "é.à"]) {
    assert.equal(ofFragment(fragment), null, fragment);
  }
});

test("a code is read out in halves", () => assert.equal(inHalves("ABCD2345"), "ABCD-2345"));
