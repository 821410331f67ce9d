// Several shops in one program: each has its own menu, basket and board.

import { column, pill } from "./support/board.ts";
import { examine } from "./support/examine.ts";
import { importMenu } from "./support/menu.ts";
import { plus } from "./support/orders.ts";
import { expect, TABLET, test } from "./support/test.ts";

const LISBON = {
  shop: "lisboa",
  name: "Café Lisboa",
  currency: "EUR",
  timeZone: "Europe/Lisbon",
  categories: { Cafés: [{ name: "Galão", price: "1.80" }] },
};
const TOKYO = {
  shop: "tokyo",
  name: "Café Tokyo",
  currency: "JPY",
  timeZone: "Asia/Tokyo",
  categories: { Cafés: [{ name: "Matcha", price: "650" }] },
};

test("a second shop has its own name, prices, basket and board", async ({ comanda, people }) => {
  await importMenu(comanda, LISBON);
  const page = await people.customer("/?loja=lisboa");
  await expect(page.getByRole("heading", { name: "Café Lisboa" })).toBeVisible();
  await expect(page).toHaveTitle(/^Café Lisboa/);
  await expect(page.getByRole("button", { name: /^Galão/ })).toContainText("€ 1,80");
  await plus(page, "Galão").tap();
  await expect(page.getByRole("link", { name: /Ver pedido · 1 item/ })).toBeVisible();

  await page.goto("/");
  await expect(page.getByRole("heading", { name: "Café Comanda" })).toBeVisible();
  await expect(page.getByRole("link", { name: /Ver pedido/ }), "another shop's basket").toBeHidden();

  const [here, there] = await Promise.all([
    people.open(`/barista?loja=lisboa#${comanda.staffToken}`, { viewport: TABLET }),
    people.barista(),
  ]);
  await expect(here.getByRole("heading", { name: /^Cozinha.*Café Lisboa$/ })).toBeVisible();
  const panel = await people.open(`/painel?loja=lisboa${comanda.pair("Painel", "panel", "lisboa")}`, { viewport: TABLET });
  await expect(panel).toHaveTitle(/^Café Lisboa/);

  await page.goto("/?loja=lisboa");
  await page.getByRole("link", { name: /Ver pedido · 1 item/ }).tap();
  await page.getByLabel("Seu primeiro nome").fill("Ana");
  await page.getByText("Para viagem").tap();
  await page.getByRole("button", { name: /^Pedir ·/ }).tap();
  await page.waitForURL(/\/acompanhar#/);
  await expect(column(here, "Recebido")).toContainText("Galão");
  await expect(panel.getByRole("listitem")).toContainText("Ana");
  await expect(pill(there)).toHaveText("Ao vivo");
  await expect(there.getByText("Nenhum pedido na fila")).toBeVisible();
  await page.getByRole("link", { name: "Fazer outro pedido" }).tap();
  await expect(page.getByRole("heading", { name: "Café Lisboa" })).toBeVisible();
});

test("yen have no minor units", async ({ comanda, people }) => {
  await importMenu(comanda, TOKYO);
  const page = await people.customer("/?loja=tokyo&lang=en");
  await expect(page.getByRole("button", { name: /^Matcha/ })).toContainText("¥650");
});

test("an address without its shop says so, on each page", async ({ comanda, people }) => {
  const page = await people.customer("/?loja=nenhures");
  await expect(page.getByText("Loja não encontrada")).toBeVisible();
  await expect(page.getByText("“nenhures”")).toBeVisible();
  await examine(page, "shop-unknown", "any");
  const [barista, panel] = await Promise.all([
    people.open(`/barista?loja=nenhures#${comanda.staffToken}`, { viewport: TABLET }),
    people.open(`/painel?loja=nenhures#${comanda.panelToken}`, { viewport: TABLET }),
  ]);
  for (const one of [barista, panel]) {
    await expect(one.getByText("Loja não encontrada")).toBeVisible();
    await examine(one, `shop-unknown-${one === panel ? "panel" : "barista"}`, "tablet");
  }
});
