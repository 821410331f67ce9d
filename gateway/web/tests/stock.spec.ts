// What the tablet says about products reaches open phones by itself.

import type { Page } from "@playwright/test";
import { choose } from "./support/board.ts";
import { examine } from "./support/examine.ts";
import { COFFEE, importMenu } from "./support/menu.ts";
import { takesOrders } from "./support/orders.ts";
import { expect, isSameDocument, markDocument, test } from "./support/test.ts";

const toggle = (page: Page, product: string) => page.getByRole("switch", { name: `${product}: Esgotado` });

test("sold out for today greys an open phone, names the end, and can be undone", async ({ comanda, people }) => {
  await importMenu(comanda, { categories: { Doces: [COFFEE, { name: "Brigadeiro" }] } });
  const [barista, phone] = await Promise.all([people.barista(), people.customer()]);
  const product = phone.getByRole("button", { name: /^Brigadeiro/ });
  await expect(product).toBeEnabled();
  await markDocument(phone);
  await choose(barista, "Cardápio");
  await toggle(barista, "Brigadeiro").tap();
  await expect(product).toBeDisabled();
  await expect(product).toContainText("Esgotado");
  await expect(toggle(barista, "Brigadeiro")).toBeChecked();
  await expect(toggle(barista, "Brigadeiro")).toHaveAccessibleDescription(/^volta (\S+, )?04:00$/);
  await expect(barista.getByText("Brigadeiro: esgotado por hoje")).toBeVisible();
  await examine(barista, "stock-sold-out", "tablet");

  await barista.getByRole("button", { name: "Desfazer" }).tap();
  await expect(product).toBeEnabled();
  await expect(toggle(barista, "Brigadeiro")).not.toBeChecked();
  await barista.getByRole("radio", { name: "até eu reativar" }).tap();
  await toggle(barista, "Brigadeiro").tap();
  await expect(product).toBeDisabled();
  await expect(toggle(barista, "Brigadeiro")).toBeChecked();
  await expect(toggle(barista, "Brigadeiro")).not.toHaveAccessibleDescription(/volta/);
  expect(await isSameDocument(phone)).toBe(true);
});

test("what could not be changed is told, and the switch goes back", async ({ comanda, people }) => {
  await importMenu(comanda, { categories: { Doces: [{ name: "Brigadeiro" }, { name: "Quindim" }] } });
  const barista = await people.barista();
  await choose(barista, "Cardápio");
  await expect(toggle(barista, "Brigadeiro")).toBeVisible();
  // It leaves the menu between the finger and the server.
  await barista.route("**/SetAvailability", async (route) => {
    await importMenu(comanda, { categories: { Doces: [{ name: "Quindim" }] } });
    await route.continue();
  });
  await toggle(barista, "Brigadeiro").tap();
  await expect(barista.locator(".toast-problem")).toContainText("Brigadeiro:");
  await expect(toggle(barista, "Brigadeiro")).toBeHidden();
  await expect(toggle(barista, "Quindim")).toBeEnabled();
});

test("a price that changes shows in the basket before the order is sent", async ({ comanda, people }) => {
  await importMenu(comanda, { categories: { Doces: [{ name: "Quindim", price: "8.00" }] } });
  const phone = await people.customer();
  await phone.getByRole("button", { name: /^Quindim/ }).tap();
  await phone.getByRole("link", { name: /Ver pedido/ }).tap();
  const line = phone.getByRole("listitem").filter({ hasText: "Quindim" });
  await expect(line).not.toContainText("antes");
  await importMenu(comanda, { categories: { Doces: [{ name: "Quindim", price: "9.50" }] } });
  await expect(line).toContainText(/9,50.*antes.*8,00/);
  await expect(phone.getByRole("button", { name: /^Pedir ·.*9,50/ })).toBeVisible();
});

test("a refusal for a price marks its line, and the new price can be ordered", async ({ comanda, people }) => {
  const menu = (price: string) => importMenu(comanda, { categories: { Doces: [COFFEE, { name: "Quindim", price }] } });
  await menu("8.00");
  const phone = await people.customer();
  await phone.getByRole("button", { name: /^Café do dia/ }).tap();
  await phone.getByRole("button", { name: /^Quindim/ }).tap();
  await phone.getByRole("link", { name: /Ver pedido/ }).tap();
  await phone.getByLabel("Seu primeiro nome").fill("Ana");
  // The price rises while the order is on its way; Orders learns it within a second.
  await phone.route("**/PlaceOrder", async (route) => {
    await menu("9.50");
    await expect.poll(() => takesOrders(comanda, "Quindim", 950)).toBe(true);
    await expect(phone.getByRole("listitem").filter({ hasText: "antes" })).toBeAttached();
    await route.continue();
  }, { times: 1 });
  await phone.getByRole("button", { name: /^Pedir ·/ }).tap();
  await expect(phone.getByRole("alert")).toContainText("Quindim");
  const marked = phone.getByRole("listitem").filter({ hasText: /O preço mudou: .*8,00 → .*9,50/ });
  await expect(marked).toHaveCount(1);
  await expect(marked).toContainText("Quindim");
  await examine(phone, "basket-price-changed", "any");
  await phone.getByRole("button", { name: /^Pedir ·/ }).tap();
  await phone.waitForURL(/\/acompanhar#/);
});
