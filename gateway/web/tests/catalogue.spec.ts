// The design system: all tokens and components on one page, in development builds.

import { examine, overflow } from "./support/examine.ts";
import { expect, test } from "./support/test.ts";

test("every token and component can be read, by day and by night", async ({ people }) => {
  const page = await people.open("/ui", { viewport: { width: 1280, height: 800 } });
  await expect(page.getByRole("heading", { name: "States" })).toBeVisible();
  await examine(page, "ui", "any");
  await page.getByRole("button", { name: "Dialog" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await examine(page, "ui-dialog", "any");
});

// 1280 × 800 at 200 %.
const LARGE = { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 };

test("S7: at 200 % nothing is cut off, whichever page", async ({ comanda, people }) => {
  for (const path of ["/", `/barista#${comanda.staffToken}`, `/painel#${comanda.panelToken}`, `/status#${comanda.staffToken}`, "/equipe", "/ui"]) {
    const page = await people.open(path, LARGE);
    await expect(page.locator("#app > *").first()).toBeVisible();
    expect(await overflow(page), path).toBe(0);
    // What does not fit is scrolled to: no control lies outside of what can be.
    const lost = await page.locator("button:visible, a[href]:visible, input:visible").evaluateAll((controls) =>
      controls
        .filter((control) => {
          control.scrollIntoView({ block: "center" });
          const { top, bottom, left, right } = control.getBoundingClientRect();
          return bottom <= 0 || top >= innerHeight || right <= 0 || left >= innerWidth;
        })
        .map((control) => control.outerHTML.slice(0, 120)),
    );
    expect(lost, path).toEqual([]);
  }
});

test("S7: with reduced motion nothing moves; otherwise things do", async ({ people }) => {
  const moving = (reducedMotion: "reduce" | "no-preference") =>
    people.open("/", { reducedMotion }).then((page) =>
      page.getByRole("button").first().evaluate((button) => getComputedStyle(button).transitionDuration),
    );
  expect(await moving("reduce")).toBe("0s");
  expect(await moving("no-preference")).not.toBe("0s");
});
