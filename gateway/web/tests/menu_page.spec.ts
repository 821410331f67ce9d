// The menu on a phone: dense, with its categories and the search always at hand, and a plus that picks at once.

import type { Page } from "@playwright/test";
import { examine } from "./support/examine.ts";
import { importMenu, type WantedProduct } from "./support/menu.ts";
import { plus } from "./support/orders.ts";
import { expect, test } from "./support/test.ts";

const some = (what: string, count: number): WantedProduct[] =>
  Array.from({ length: count }, (_, n) => ({ name: `${what} ${n + 1}`, description: "Uma linha sobre o que é." }));
const categories = { Cafés: some("Café", 12), Bolos: some("Bolo", 12), Sucos: some("Suco", 2) };
const chip = (page: Page, name: string) => page.getByRole("navigation").getByRole("button", { name });

test("C1: six products fit a phone's screen, each under its category", async ({ comanda, people }) => {
  await importMenu(comanda, { categories });
  const page = await people.customer();
  const rows = page.locator("section").filter({ has: page.getByRole("heading", { name: "Cafés" }) }).locator(".product");
  await expect(rows).toHaveCount(12);
  const boxes = await rows.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()));
  for (const { height } of boxes) expect(height).toBeGreaterThanOrEqual(96);
  for (const { height } of boxes) expect(height).toBeLessThanOrEqual(104);
  await page.mouse.wheel(0, 120);
  const whole = () => rows.evaluateAll((all) => all.filter((one) => one.getBoundingClientRect().bottom <= innerHeight).length);
  await expect.poll(whole).toBeGreaterThanOrEqual(6);
});

test("the categories follow the scroll, and the search stays in sight", async ({ comanda, people }) => {
  await importMenu(comanda, { categories });
  const page = await people.customer();
  await expect(chip(page, "Cafés")).toHaveAttribute("aria-current", "true");
  await page.getByText("Bolo 6", { exact: true }).scrollIntoViewIfNeeded();
  await expect(chip(page, "Bolos")).toHaveAttribute("aria-current", "true");
  await expect(page.locator(".categories [aria-current]")).toHaveCount(1);
  await expect(page.getByRole("searchbox")).toBeInViewport();
  // Too short to reach the top, yet it is the one that was asked for.
  await chip(page, "Sucos").tap();
  await expect(page.getByText("Suco 1", { exact: true })).toBeInViewport();
  await expect(chip(page, "Sucos")).toHaveAttribute("aria-current", "true");
  await examine(page, "menu-scrolled", "any");
  // What was found begins at the top, wherever the page was.
  await page.getByRole("searchbox").fill("bolo 3");
  await expect(page.getByText("Bolo 3", { exact: true }).first()).toBeInViewport();
});

test("C1: a plus picks at once and becomes a stepper; with choices it opens them", async ({ comanda, people }) => {
  const size = { key: "tamanho", name: "Tamanho", min: 1, max: 1, options: [{ key: "p", name: "Pequeno" }] };
  const latte = { name: "Latte", optionGroups: ["tamanho"] };
  await importMenu(comanda, { optionGroups: [size], categories: { Tudo: [{ name: "Bolo" }, latte] } });
  const page = await people.customer();
  const bolo = page.getByRole("group", { name: "Bolo" });
  await plus(page, "Bolo").focus();
  for (const count of ["1", "2"]) {
    await page.keyboard.press("Enter");
    await expect(bolo.getByRole("status")).toHaveText(count);
  }
  await expect(plus(page, "Bolo"), "whoever has no pointer is still there").toBeFocused();
  await examine(page, "menu-stepper", "any");
  for (let left = 1; left >= 0; left--) await bolo.getByRole("button", { name: "Menos Bolo" }).tap();
  await expect(bolo.getByRole("status")).toHaveCount(0);
  await expect(plus(page, "Bolo")).toBeFocused();
  await expect(page.getByRole("link", { name: /Ver pedido/ })).toBeHidden();

  await plus(page, "Latte").tap();
  await page.getByRole("dialog", { name: "Latte" }).getByRole("button", { name: /^Adicionar ·/ }).tap();
  await expect(page.getByRole("button", { name: /^Latte/ })).toContainText("1 no pedido");
});

test("a row opens what there is to know about a product", async ({ comanda, people }) => {
  await importMenu(comanda, { categories: { Doces: [{ name: "Quindim", description: "De coco.", allergens: ["eggs"] }] } });
  const page = await people.customer();
  await page.getByRole("button", { name: /^Quindim/ }).tap();
  const dialog = page.getByRole("dialog", { name: "Quindim" });
  await expect(dialog).toContainText("De coco.");
  await expect(dialog.locator(".allergens-box li")).toHaveText(["ovos"]);
  await expect(dialog.locator(".picture-large .drawing")).toBeVisible();
});
