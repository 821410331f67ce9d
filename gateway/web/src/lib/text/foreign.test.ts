import assert from "node:assert/strict";
import { test } from "node:test";
import { isolated } from "./foreign.ts";

test("only what runs from right to left needs to be kept apart", () => {
  for (const plain of ["", "Mesa 4", "Zoë", "李", "❤️", "Ελένη"]) assert.equal(isolated(plain), plain);
  for (const turned of ["محمد", "שלום 7", "A \u200f1", "𞤀𞤁"]) assert.equal(isolated(turned), `\u2068${turned}\u2069`);
});
