// What the tablet says about products reaches open phones by itself.

import type { Page } from "@playwright/test";
import { choose } from "./support/board.ts";
import { examine } from "./support/examine.ts";
import { COFFEE, importMenu } from "./support/menu.ts";
import { fillBasket, plus, takesOrders } from "./support/orders.ts";
import { expect, isSameDocument, markDocument, test } from "./support/test.ts";

const toggle = (page: Page, product: string) => page.getByRole("switch", { name: `${product}: Esgotado` });

test("B16: sold out for today greys an open phone, names the end, and can be undone", async ({ comanda, people }) => {
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

test("C5: a price that changes shows in the basket before the order is sent", async ({ comanda, people }) => {
  await importMenu(comanda, { categories: { Doces: [{ name: "Quindim", price: "8.00" }] } });
  const phone = await people.customer();
  await plus(phone, "Quindim").tap();
  await phone.getByRole("link", { name: /Ver pedido/ }).tap();
  const line = phone.getByRole("listitem").filter({ hasText: "Quindim" });
  await expect(line).not.toContainText("antes");
  await importMenu(comanda, { categories: { Doces: [{ name: "Quindim", price: "9.50" }] } });
  await expect(line).toContainText(/9,50.*antes.*8,00/);
  await expect(phone.getByRole("button", { name: /^Pedir ·.*9,50/ })).toBeVisible();
});

test("C5: what sells out shows in the basket, which cannot be sent like that", async ({ comanda, people }) => {
  await importMenu(comanda, { categories: { Doces: [COFFEE, { name: "Quindim" }] } });
  const [barista, phone] = await Promise.all([people.barista(), people.customer()]);
  await plus(phone, "Quindim").tap();
  await fillBasket(phone, COFFEE.name);
  const order = phone.getByRole("button", { name: /^Pedir ·/ });
  await expect(order).toBeEnabled();
  await choose(barista, "Cardápio");
  await toggle(barista, "Quindim").tap();
  const line = phone.locator(".basket-lines li").filter({ hasText: "Quindim" });
  await expect(line).toContainText("Esgotado");
  await expect(order).toBeDisabled();
  await line.getByRole("button", { name: /Quindim/ }).tap();
  await order.tap();
  await phone.waitForURL(/\/acompanhar#/);
});

test("C5: a price that rises on the way is named old and new, and can be looked at or accepted", async ({ comanda, people }) => {
  const menu = (price: string) => importMenu(comanda, { categories: { Doces: [COFFEE, { name: "Quindim", price }] } });
  await menu("8.00");
  const phone = await people.customer();
  await plus(phone, "Quindim").tap();
  await fillBasket(phone, "Café do dia");
  // The price rises while the order is on its way; Orders learns it within a second.
  await phone.route("**/PlaceOrder", async (route) => {
    await menu("9.50");
    await expect.poll(() => takesOrders(comanda, "Quindim", 950)).toBe(true);
    await expect(phone.getByRole("listitem").filter({ hasText: "antes" })).toBeAttached();
    await route.continue();
  }, { times: 1 });
  await phone.getByRole("button", { name: /^Pedir ·/ }).tap();
  const dialog = phone.getByRole("dialog", { name: "O pedido mudou" });
  await expect(dialog.getByRole("listitem")).toHaveText([/Quindim.*8,00 → .*9,50/]);
  await examine(phone, "changes-price", "any");
  await dialog.getByRole("button", { name: "Rever o pedido" }).tap();
  await expect(phone.getByRole("alert")).toContainText("Quindim");
  const marked = phone.getByRole("listitem").filter({ hasText: /O preço mudou: .*8,00 → .*9,50/ });
  await expect(marked).toHaveCount(1);
  await expect(marked).toContainText("Quindim");
  await examine(phone, "basket-price-changed", "any");
  await phone.getByRole("button", { name: /^Pedir ·/ }).tap();
  await phone.waitForURL(/\/acompanhar#/);
});

test("C5: what is sold out on the way is named, and the rest is ordered with one tap", async ({ comanda, people }) => {
  await importMenu(comanda, { categories: { Doces: [COFFEE, { name: "Quindim" }] } });
  const [barista, phone] = await Promise.all([people.barista(), people.customer()]);
  await plus(phone, "Quindim").tap();
  await fillBasket(phone, COFFEE.name);
  await choose(barista, "Cardápio");
  await phone.route("**/PlaceOrder", async (route) => {
    await toggle(barista, "Quindim").tap();
    await expect.poll(() => takesOrders(comanda, "Quindim")).toBe(false);
    await route.continue();
  }, { times: 1 });
  await phone.getByRole("button", { name: /^Pedir ·/ }).tap();
  const dialog = phone.getByRole("dialog", { name: "O pedido mudou" });
  await expect(dialog.getByRole("listitem")).toHaveText([/Quindim.*Esgotado/]);
  await examine(phone, "changes-sold-out", "any");
  await dialog.getByRole("button", { name: /^Aceitar e pedir ·.*5,00/ }).tap();
  await phone.waitForURL(/\/acompanhar#/);
  await expect(phone.locator(".order-lines").getByRole("listitem")).toHaveText([/1 × Café do dia/]);
});
