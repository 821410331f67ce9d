import assert from "node:assert/strict";
import { test } from "node:test";
import { parsePerson } from "./stored.ts";

const ANA = { device: "a.b.c", token: "d.e.f", staffId: "1", name: "Ana", endMs: 1 };

test("who was signed in is remembered", () => assert.deepEqual(parsePerson(JSON.stringify(ANA)), ANA));

test("what is no person is nobody", () => {
  const broken = [{ ...ANA, endMs: "1" }, { ...ANA, name: null }, [], 7, null].map((one) => JSON.stringify(one));
  for (const stored of [null, "", "{", ...broken]) assert.equal(parsePerson(stored), null, `${stored}`);
});
