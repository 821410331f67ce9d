// The design system: all tokens and components on one page, in development builds.

import { layOut, ticket } from "./support/board.ts";
import { examine, overflow } from "./support/examine.ts";
import { place } from "./support/orders.ts";
import { expect, TABLET, test } from "./support/test.ts";

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
  const order = await place(comanda);
  for (const path of ["/", order.path, `/barista#${comanda.staffToken}`, `/painel#${comanda.panelToken}`, `/status#${comanda.staffToken}`, "/equipe", "/ui"]) {
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

/** Runs in the page: notes what begins to move, by style or by script. */
function noteMotion(): void {
  const moved = new Set<string>();
  Object.assign(globalThis, { moved });
  for (const kind of ["transitionrun", "animationstart"]) addEventListener(kind, () => moved.add(kind), true);
  const { animate } = Element.prototype;
  Element.prototype.animate = function (frames, options) {
    if (Number(typeof options === "object" ? options.duration : options) > 0) moved.add("animate");
    return animate.call(this, frames, options);
  };
}

test("S7: with reduced motion nothing moves; otherwise things do", async ({ comanda, people }) => {
  const { number } = await place(comanda);
  const motion = async (reducedMotion: "reduce" | "no-preference") => {
    const page = await people.device({ reducedMotion, viewport: TABLET });
    await page.addInitScript(noteMotion);
    const moved = () => page.evaluate(() => [...(Reflect.get(globalThis, "moved") as Set<string>)]);
    const smooth = () => page.evaluate(() => [...document.querySelectorAll("*")].some((one) => getComputedStyle(one).scrollBehavior === "smooth"));
    // It breathes while it loads, a dialog rises, and what is new glows.
    await page.route(/(Get|Watch)Menu$/, () => {});
    await page.goto("/");
    await expect(page.getByText("Carregando o cardápio…")).toBeVisible();
    const scrolls = await smooth();
    const loading = await moved();
    await page.goto(`/barista#${comanda.staffToken}`);
    await expect(ticket(page, number)).toBeVisible();
    await layOut(page, "Em colunas");
    await expect(ticket(page, (await place(comanda)).number)).toBeVisible();
    await page.getByRole("button", { name: "Opções" }).hover();
    return { scrolls, kinds: [...new Set([...loading, ...(await moved())])].sort() };
  };
  expect(await motion("reduce")).toEqual({ scrolls: false, kinds: [] });
  const { scrolls, kinds } = await motion("no-preference");
  expect(scrolls).toBe(true);
  expect(kinds).toEqual(expect.arrayContaining(["animationstart", "transitionrun"]));
});
