// A phone knows all orders of today, each at its own shop; and what is sold out asks for nothing more.

import { choose } from "./support/board.ts";
import { COFFEE, importMenu } from "./support/menu.ts";
import { examine } from "./support/examine.ts";
import { orderOnPage, plus } from "./support/orders.ts";
import { expect, test } from "./support/test.ts";

test("all orders of today are a tap away, but no order of another shop", async ({ comanda, people }) => {
  await importMenu(comanda, { shop: "lisboa", name: "Café Lisboa", categories: { Salgados: [{ name: "Pão de queijo" }] } });
  const page = await people.customer();
  const first = await orderOnPage(page, "Ana");
  await page.goto("/");
  const second = await orderOnPage(page, "Ana");
  await page.goto("/?loja=lisboa");
  await expect(page.getByRole("heading", { name: "Café Lisboa" })).toBeVisible();
  const links = page.getByRole("link", { name: /^Acompanhar o pedido/ });
  await expect(links, "those are another shop's").toHaveCount(0);
  const there = await orderOnPage(page, "Ana");
  await page.goto("/?loja=lisboa");
  await expect(links).toHaveText([`Acompanhar o pedido ${there}`]);

  await page.goto("/");
  await expect(links).toHaveText([`Acompanhar o pedido ${second}`, `Acompanhar o pedido ${first}`]);
  await links.last().tap();
  await expect(page.locator(".number")).toHaveText(first);
  await page.getByRole("button", { name: "Cancelar pedido" }).tap();
  await page.getByRole("button", { name: "Sim, cancelar" }).tap();
  await expect(page.getByText("Este pedido foi cancelado.")).toBeVisible();
  await page.getByRole("link", { name: "Fazer outro pedido" }).tap();
  await expect(links).toHaveText([`Acompanhar o pedido ${second}`]);
  await page.getByText("1 pedido de hoje já encerrado").tap();
  await expect(page.getByRole("link", { name: `Pedido ${first}`, exact: true })).toBeVisible();
  await examine(page, "menu-own-orders", "any");
});

test("what is sold out takes no wishes", async ({ comanda, people }) => {
  await importMenu(comanda, { categories: { Doces: [COFFEE, { name: "Brigadeiro" }] } });
  const [barista, page] = await Promise.all([people.barista(), people.customer()]);
  for (const product of [COFFEE.name, "Brigadeiro"]) await plus(page, product).tap();
  await page.getByRole("link", { name: /Ver pedido/ }).tap();
  const line = page.getByRole("listitem").filter({ hasText: "Brigadeiro" });
  const wishes = line.getByRole("button", { name: /Adicionar observação|Informar alergia/ });
  await expect(wishes).toHaveCount(2);
  await choose(barista, "Cardápio");
  await barista.getByRole("switch", { name: "Brigadeiro: Esgotado" }).tap();
  await expect(line).toContainText("Esgotado");
  await expect(wishes).toHaveCount(0);
});
