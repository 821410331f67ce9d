// The board by keyboard alone, as where a bump bar lies beside it.

import { column, pill, ticket } from "./support/board.ts";
import { examine } from "./support/examine.ts";
import { place } from "./support/orders.ts";
import { expect, test } from "./support/test.ts";

test("B18: arrows and digits choose a card, Enter moves it on, U takes back, M mutes, ? helps", async ({ comanda, people }) => {
  const numbers: string[] = [];
  for (const name of ["Ana", "Bia", "Caio"]) numbers.push((await place(comanda, { name })).number);
  const [ana, bia, caio] = numbers as [string, string, string];
  const page = await people.barista();
  await expect(pill(page)).toHaveText("Ao vivo");
  const press = (key: string) => page.keyboard.press(key);
  // The keys come when the page has nothing else to do.
  await expect(async () => {
    await press("1");
    await expect(ticket(page, ana)).toBeFocused({ timeout: 500 });
  }).toPass();
  const outline = await ticket(page, ana).evaluate((one) => getComputedStyle(one).outlineStyle);
  expect(outline, "it is seen").toBe("solid");
  await press("ArrowRight");
  await expect(ticket(page, bia)).toBeFocused();
  await press("3");
  await expect(ticket(page, caio)).toBeFocused();
  await press("ArrowLeft");
  await expect(ticket(page, bia)).toBeFocused();

  await press("Enter");
  await expect(ticket(column(page, "Em preparo"), bia)).toBeFocused();
  await press("u");
  await expect(ticket(column(page, "Recebido"), bia)).toBeVisible();
  for (const state of ["Em preparo", "Pronto"]) {
    await expect(ticket(page, bia).locator(".advance")).toBeEnabled();
    await press("Enter");
    await expect(ticket(column(page, state), bia)).toBeFocused();
  }
  await expect(ticket(page, bia).locator(".advance")).toBeEnabled();
  await press("Enter");
  const left = page.locator(".undo-place");
  await expect(left, "what is left of it").toBeFocused();
  // Enter does nothing there: nobody undoes by pressing it once too often.
  await expect(left.getByRole("button")).toBeEnabled();
  await press("Enter");
  await expect(left).toBeFocused();
  await press("U");
  await expect(ticket(column(page, "Pronto"), bia)).toBeVisible();

  await press("m");
  await expect.poll(() => page.evaluate(() => localStorage.getItem("comanda.board.sound"))).toBe("off");
  await press("?");
  await expect(page.getByRole("dialog", { name: "Teclas" })).toBeVisible();
  await examine(page, "keys", "any");
  await press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);

  await page.getByRole("button", { name: "Opções" }).tap();
  await page.getByRole("radio", { name: "Desligados" }).check();
  await press("Escape");
  await press("m");
  await press("ArrowRight");
  expect(await page.evaluate(() => localStorage.getItem("comanda.board.sound")), "letters are off").toBe("off");
});

test("B18: every step of a ticket can be reached by Tab as well", async ({ comanda, people }) => {
  const { number } = await place(comanda);
  const page = await people.barista();
  await ticket(page, number).focus();
  const reached: (string | null)[] = [];
  for (let at = 0; at < 3; at++) {
    await page.keyboard.press("Tab");
    reached.push(await page.evaluate(() => document.activeElement?.getAttribute("type") ?? null));
  }
  expect(reached).toEqual(["checkbox", "button", "button"]);
});
