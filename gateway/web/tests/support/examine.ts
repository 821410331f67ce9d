// Looks at a page as it is now, in both languages, by day and by night: axe's rules, targets large enough for a finger,
// nothing beyond the edge. With COMANDA_SHOTS=<folder> it also takes a picture at each size, for people to look at.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import type { AxeResults, RunOptions } from "axe-core";
import { expect } from "./test.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES: RunOptions = {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
  // Off unless asked for.
  rules: { "target-size": { enabled: true } },
};
/** CSS pixels; the usual advice for wet fingers. */
const FINGER = 48;
const SHOTS = process.env["COMANDA_SHOTS"];

/** A kind of page, and the sizes at which people see it. */
export const SIZES = {
  phone: [[390, 844]],
  tablet: [[1280, 800], [800, 1280]],
  any: [[390, 844], [1280, 800], [800, 1280]],
} as const;

export async function examine(page: Page, name: string, sizes: keyof typeof SIZES): Promise<void> {
  for (const language of ["pt-BR", "en"]) {
    await speak(page, language);
    const what = `${name} in ${language}`;
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await violations(page), `axe: ${what}, ${colorScheme}`).toEqual([]);
      if (SHOTS) await shoot(page, join(SHOTS, `${name}-${language}-${colorScheme}`), sizes);
    }
    expect(await smallTargets(page), `targets: ${what}`).toEqual([]);
    expect(await overflow(page), `width: ${what}`).toBe(0);
  }
  await page.emulateMedia({ colorScheme: "light" });
  await speak(page, "pt-BR");
}

/** As if it was chosen in another tab, which works behind a dialog as well. */
async function speak(page: Page, language: string): Promise<void> {
  await page.evaluate((chosen) => {
    localStorage.setItem("comanda.language", chosen);
    dispatchEvent(new StorageEvent("storage", { key: "comanda.language" }));
  }, language);
  await expect(page.locator("html")).toHaveAttribute("lang", language);
}

/** In words, so that a failure tells what to mend. */
export async function violations(page: Page): Promise<string[]> {
  // Through the debugger, since the pages' policy rightly forbids injected scripts.
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(AXE);
  const found = (await page.evaluate((rules) => (window as any).axe.run(rules), RULES)) as AxeResults;
  return found.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`));
}

/** Of buttons, links and fields; a radio button's target is its whole row. */
export function smallTargets(page: Page): Promise<string[]> {
  return page.locator("button, a[href], label.option, input:not([type='radio'], [type='checkbox'])").evaluateAll(
    (targets, least) =>
      targets
        .map((target) => ({ target, box: target.getBoundingClientRect() }))
        .filter(({ box }) => box.width > 0 && (box.height < least || box.width < least))
        .map(({ target, box }) => `${box.width}×${box.height}: ${target.outerHTML.slice(0, 120)}`),
    FINGER,
  );
}

/** How many pixels the page is wider than the screen. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

async function shoot(page: Page, path: string, sizes: keyof typeof SIZES): Promise<void> {
  const before = page.viewportSize();
  for (const [width, height] of SIZES[sizes]) {
    await page.setViewportSize({ width, height });
    await page.screenshot({ path: `${path}-${width}x${height}.png` });
  }
  if (before) await page.setViewportSize(before);
}
