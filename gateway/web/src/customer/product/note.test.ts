import assert from "node:assert/strict";
import { test } from "node:test";
import { NOTE_LENGTH, noteOf, room } from "./note.ts";

const offered = ["sem açúcar", "bem quente", "para dividir"];

test("the same wishes are the same note, in whatever order they were tapped", () => {
  assert.equal(noteOf(offered, ["bem quente", "sem açúcar"], " na caneca "), "sem açúcar, bem quente, na caneca");
  assert.equal(noteOf(offered, [], ""), "");
  assert.equal(noteOf(offered, ["no longer offered"], "oi"), "oi");
});

test("a note is never longer than the contract allows", () => {
  assert.equal(room(offered, []), NOTE_LENGTH);
  const tapped = ["sem açúcar", "bem quente"];
  assert.equal(noteOf(offered, tapped, "x".repeat(room(offered, tapped))).length, NOTE_LENGTH);
});
