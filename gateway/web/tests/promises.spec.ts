// Each promise of docs/screens.md has a check, whose title begins with its number.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";

const HERE = import.meta.dirname;
const LIST = join(HERE, "../../../docs/screens.md");
/** As in "B6, B7: a double tap is one step". */
const NUMBERS = /\b[SBC]\d+\b/g;

test("every promise has a check, and every check's promise is written down", () => {
  const promised = [...readFileSync(LIST, "utf8").matchAll(/^- \*\*([SBC]\d+)\*\*/gm)].map(([, number]) => number!);
  const titles = readdirSync(HERE)
    .filter((name) => name.endsWith(".spec.ts"))
    .flatMap((name) => [...readFileSync(join(HERE, name), "utf8").matchAll(/\btest\(\s*["'`]([^"'`]*?):/g)])
    .map(([, head]) => head!);
  const checked = titles.flatMap((head) => head.match(NUMBERS) ?? []);
  expect(promised.length).toBe(42);
  expect([...new Set(checked)].sort()).toEqual([...promised].sort());
});
