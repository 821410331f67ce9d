// Whoever prepares a line ticks it; that everything is ready is said when everything is.

import { column, ticket } from "./support/board.ts";
import { examine } from "./support/examine.ts";
import { importMenu } from "./support/menu.ts";
import { place } from "./support/orders.ts";
import { expect, test } from "./support/test.ts";

const categories = { Tudo: [{ name: "Latte", stations: ["bar"] }, { name: "Tostex", stations: ["cozinha"] }] };

test("B8: ready at one station is not ready for the customer", async ({ comanda, people }) => {
  await importMenu(comanda, { categories });
  const { number, path } = await place(comanda, { product: "Latte", also: "Tostex" });
  const [bar, kitchen] = await Promise.all([people.barista(), people.barista()]);
  const customer = await people.customer(path);
  for (const [tablet, station] of [[bar, "bar"], [kitchen, "cozinha"]] as const) {
    await tablet.getByRole("group", { name: "Estações" }).getByRole("button", { name: station }).tap();
  }
  await ticket(bar, number).getByRole("button", { name: "Iniciar" }).tap();
  await ticket(column(bar, "Em preparo"), number).getByRole("button", { name: "Pronto aqui" }).tap();
  const waiting = ticket(column(bar, "Em preparo"), number).getByRole("button", { name: "Aguardando" });
  await expect(waiting).toBeDisabled();
  await expect(waiting).toContainText("cozinha");
  await examine(bar, "board-waits", "tablet");
  await expect(ticket(kitchen, number).getByRole("listitem").filter({ hasText: "Latte" })).toHaveClass(/is-done/);
  await expect(customer.locator("[aria-current=step]")).toContainText("Em preparo");

  // Undone and done again, and then the other line: now all are.
  await bar.getByRole("button", { name: "Desfazer" }).tap();
  await ticket(bar, number).getByRole("button", { name: "Pronto aqui" }).tap();
  await ticket(kitchen, number).getByRole("checkbox", { name: "Tostex" }).tap();
  await ticket(column(bar, "Em preparo"), number).getByRole("button", { name: /^Pronto pedido/ }).tap();
  await expect(customer.locator("[aria-current=step]")).toContainText("Pronto");
  await expect(ticket(column(kitchen, "Pronto"), number)).toBeVisible();
});

test("a tablet of the whole board says in one tap that all is ready, and that can be undone", async ({ comanda, people }) => {
  await importMenu(comanda, { categories });
  const { number } = await place(comanda, { product: "Latte", also: "Tostex" });
  const page = await people.barista();
  await ticket(page, number).getByRole("button", { name: "Iniciar" }).tap();
  const latte = ticket(page, number).getByRole("checkbox", { name: "Latte" });
  await latte.tap();
  await expect(latte).toBeChecked();
  await ticket(page, number).getByRole("button", { name: /^Pronto pedido/ }).tap();
  await expect(ticket(column(page, "Pronto"), number).locator(".is-done")).toHaveCount(2);
  await page.getByRole("button", { name: "Desfazer" }).tap();
  await expect(ticket(column(page, "Em preparo"), number).locator(".is-done"), "what was ticked before").toHaveCount(1);
});

test("B8: where the shop chose so, the last line makes it ready", async ({ comanda, people }) => {
  await importMenu(comanda, { categories, readyWithLastLine: true });
  const { number } = await place(comanda, { product: "Latte", also: "Tostex" });
  const page = await people.barista();
  await ticket(page, number).getByRole("button", { name: "Iniciar" }).tap();
  await ticket(page, number).getByRole("checkbox", { name: "Latte" }).tap();
  await expect(ticket(page, number).locator(".is-done")).toHaveCount(1);
  const product = (name: string) => ticket(page, number).locator(".ticket-product").filter({ hasText: name });
  await expect(product("Latte"), "the line is struck through").toHaveCSS("text-decoration-line", "line-through");
  await expect(product("Tostex")).toHaveCSS("text-decoration-line", "none");
  await ticket(column(page, "Em preparo"), number).getByRole("checkbox", { name: "Tostex" }).tap();
  await expect(ticket(column(page, "Pronto"), number)).toBeVisible();
});
