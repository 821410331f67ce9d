// Every state of the customer's pages, looked at in both languages.

import { examine } from "./support/examine.ts";
import { refuse } from "./support/grpc_web.ts";
import { importMenu } from "./support/menu.ts";
import { place, plus } from "./support/orders.ts";
import { column, ticket } from "./support/board.ts";
import { expect, PHONE, test } from "./support/test.ts";

/** Both ways to ask for one. */
const MENU = /CatalogService\/(Get|Watch)Menu$/;

const phone = { viewport: PHONE, isMobile: true };

test("the menu loads, or is empty, or fails, or nobody answers", async ({ comanda, people }) => {
  const loading = await people.device(phone);
  await loading.route(MENU, () => {}); // Never answered.
  await loading.goto("/");
  await expect(loading.getByText("Carregando o cardápio…")).toBeVisible();
  await examine(loading, "menu-loading", "any");

  await importMenu(comanda, { shop: "novo", name: "Café Novo", categories: {} });
  const empty = await people.customer("/?loja=novo");
  await expect(empty.getByText("O cardápio ainda está vazio")).toBeVisible();
  await examine(empty, "menu-empty", "any");

  const failing = await people.device(phone);
  for (const method of ["GetMenu", "WatchMenu"]) await refuse(failing, method);
  await failing.goto("/");
  await expect(failing.getByText("O cardápio não carregou")).toBeVisible();
  await examine(failing, "menu-error", "any");

  const offline = await people.device(phone);
  await offline.route(MENU, (route) => route.abort("connectionrefused"));
  await offline.goto("/");
  await expect(offline.getByText("Sem conexão com a loja")).toBeVisible();
  await examine(offline, "menu-offline-at-start", "any");
  await offline.unroute(MENU);
  // The page also tries by itself, and takes the button away when it succeeds: whoever comes first, the menu appears.
  await offline.getByRole("button", { name: "Tentar agora" }).tap({ timeout: 2_000 }).catch(() => undefined);
  await expect(offline.getByRole("heading", { name: "Cafés", exact: true })).toBeVisible();
  await comanda.kill();
  await expect(offline.getByText(/^Sem conexão\. O cardápio é de/)).toBeVisible();
  await examine(offline, "menu-offline", "any");
});

test("the menu, a product and the basket", async ({ people }) => {
  const page = await people.customer();
  await expect(page.getByRole("heading", { name: "Cafés", exact: true })).toBeVisible();
  await examine(page, "menu", "any");

  await page.getByRole("button", { name: /^Cappuccino/ }).tap();
  await expect(page.getByRole("dialog", { name: "Cappuccino" })).toBeVisible();
  await examine(page, "product-dialog", "any");
  await page.getByLabel("Alergia").fill("amendoim");
  await page.getByLabel("Observação").fill("bem quente, por favor");
  await page.getByRole("button", { name: /^Adicionar ·/ }).tap();
  await plus(page, "Pão de queijo").tap();
  await examine(page, "menu-with-basket", "any");

  await page.getByRole("link", { name: /Ver pedido/ }).tap();
  await page.getByText("Na mesa").tap();
  await page.getByRole("button", { name: /^Pedir/ }).tap();
  await expect(page.getByText("Diga o seu nome")).toBeVisible();
  await examine(page, "basket-with-errors", "any");
  await page.getByLabel("Seu primeiro nome").fill("Ana");
  await page.getByLabel("Número da mesa").fill("12");
  await examine(page, "basket", "any");

  await page.route("**/PlaceOrder", (route) => route.abort("connectionreset"));
  await page.getByRole("button", { name: /^Pedir/ }).tap();
  await expect(page.getByText("o pedido não será feito duas vezes")).toBeVisible();
  await examine(page, "basket-retrying", "any");
});

test("an order, from received to collected, and out of reach", async ({ comanda, people }) => {
  const { number, path } = await place(comanda, { note: "bem assado", allergy: "nozes" });
  const [page, barista] = await Promise.all([people.customer(path), people.barista()]);
  await expect(page.getByText("Alergia: nozes")).toBeVisible();
  await expect(ticket(barista, number).getByText("ALERGIA: nozes")).toBeVisible();
  const step = page.locator("[aria-current='step']");
  await expect(step).toHaveText("Recebido");
  await examine(page, "order-received", "any");
  await page.getByRole("button", { name: "Cancelar pedido" }).tap();
  await expect(page.getByRole("dialog")).toBeVisible();
  await examine(page, "order-cancel-dialog", "any");
  await page.getByRole("button", { name: "Não, manter" }).tap();

  for (const [from, button, to] of [
    ["Recebido", "Iniciar", "Em preparo"],
    ["Em preparo", "Pronto", "Pronto"],
    ["Pronto", "Entregar", "Entregue"],
  ] as const) {
    await ticket(column(barista, from), number).getByRole("button", { name: button }).tap();
    await expect(step).toHaveText(to);
    await examine(page, `order-${button}`, "any");
  }
  await comanda.kill();
  await expect(page.getByText("Pode estar desatualizado")).toBeVisible();
  await examine(page, "order-offline", "any");
});

test("an order that is cancelled, unknown, or never answered", async ({ comanda, people }) => {
  const { path } = await place(comanda);
  const page = await people.customer(path);
  await page.getByRole("button", { name: "Cancelar pedido" }).tap();
  await page.getByRole("button", { name: "Sim, cancelar" }).tap();
  await expect(page.getByText("Este pedido foi cancelado.")).toBeVisible();
  await examine(page, "order-cancelled", "any");

  const other = await people.customer(path.replace(/.$/, (last) => (last === "A" ? "B" : "A")));
  await expect(other.getByText("Não dá para mostrar este pedido")).toBeVisible();
  await examine(other, "order-unknown", "any");

  const offline = await people.device(phone);
  await offline.route("**/WatchOrder", (route) => route.abort("connectionrefused"));
  await offline.goto(path);
  await expect(offline.getByText("Sem conexão com a loja")).toBeVisible();
  await examine(offline, "order-offline-at-start", "any");
});
