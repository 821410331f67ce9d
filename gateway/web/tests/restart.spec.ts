// The whole program dies and comes back: every page says so, loses nothing and goes on without a reload.

import { column, pill, ticket } from "./support/board.ts";
import { fillBasket, orderOnPage, plus, shownNumber } from "./support/orders.ts";
import { expect, isSameDocument, markDocument, PHONE, test } from "./support/test.ts";

test("B11, C12: pages notice a killed shop, keep what they show, and resume", async ({ comanda, people }) => {
  const [barista, panel, customer] = await Promise.all([people.barista(), people.panel(), people.customer()]);
  const number = await orderOnPage(customer, "Ana");
  await ticket(column(barista, "Recebido"), number).getByRole("button", { name: "Iniciar" }).tap();
  const step = customer.locator("[aria-current='step']");
  await expect(step).toHaveText("Em preparo");
  await expect(panel.getByRole("listitem")).toHaveText(`${number}Ana`);
  const pages = [barista, panel, customer];
  for (const page of pages) {
    await expect(pill(page)).toHaveText("Ao vivo");
    await markDocument(page);
  }

  await comanda.kill();
  for (const page of pages) {
    await expect(pill(page)).toHaveText(/Reconectando|Sem conexão desde/);
    await expect(page.getByText("Pode estar desatualizado")).toBeVisible();
  }
  await expect(ticket(column(barista, "Em preparo"), number)).toBeVisible();
  await expect(step).toHaveText("Em preparo");
  const news = [barista.locator("main"), panel.locator("main"), customer.locator(".slip")];
  for (const old of news) await expect(old, "old news is pale").toHaveCSS("filter", "grayscale(1)");

  await comanda.open();
  for (const page of pages) {
    await expect(pill(page)).toHaveText("Ao vivo");
    await expect(page.getByText("Pode estar desatualizado")).toBeHidden();
  }
  for (const current of news) await expect(current).toHaveCSS("filter", "none");
  await ticket(column(barista, "Em preparo"), number).getByRole("button", { name: "Pronto" }).tap();
  await expect(step).toHaveText("Pronto");
  await ticket(column(barista, "Pronto"), number).getByRole("button", { name: "Entregar" }).tap();
  await expect(step).toHaveText("Entregue");
  for (const page of pages) expect(await isSameDocument(page)).toBe(true);
});

test("C4, C11: an order sent into the void arrives once, when the shop is back", async ({ comanda, people }) => {
  const [barista, customer] = await Promise.all([people.barista(), people.customer()]);
  await expect(pill(barista)).toHaveText("Ao vivo");
  await customer.route("**/PlaceOrder", async (route) => {
    await comanda.kill();
    await route.continue();
  }, { times: 1 });
  await fillBasket(customer, "Pão de queijo", "Bia");
  await customer.getByRole("button", { name: /^Pedir ·/ }).tap();
  await expect(customer.getByText("o pedido não será feito duas vezes")).toBeVisible();

  await comanda.open();
  await customer.waitForURL(/\/acompanhar#/);
  const number = await shownNumber(customer);
  await expect(ticket(column(barista, "Recebido"), number)).toContainText("Bia");
  await expect(barista.getByRole("article")).toHaveCount(1);
});

test("C10: a phone without its shop keeps the basket and says why it cannot order", async ({ comanda, people }) => {
  const customer = await people.device({ viewport: PHONE, isMobile: true });
  await customer.clock.install();
  await customer.goto("/");
  // Fetched now, since later nobody could answer.
  for (const other of ["English", "Português"]) await customer.getByRole("button", { name: other }).tap();
  await plus(customer, "Pão de queijo").tap();
  await markDocument(customer);
  await comanda.kill();
  const notice = customer.getByText(/^Sem conexão\. O cardápio é de \d\d:\d\d\.$/);
  await expect(notice).toBeVisible();
  const time = /\d\d:\d\d/.exec(await notice.innerText())![0];
  // However much later it is read, and drawn anew.
  await customer.clock.fastForward("47:00");
  await customer.getByRole("button", { name: "English" }).tap();
  await expect(customer.getByText(`You are offline. This menu is from ${time}.`)).toBeVisible();
  await customer.getByRole("button", { name: "Português" }).tap();
  await customer.getByRole("link", { name: /Ver pedido · 1 item/ }).tap();
  const order = customer.getByRole("button", { name: /^Pedir ·/ });
  await expect(order).toBeDisabled();
  await expect(order).toHaveAccessibleDescription("Você está sem conexão. O pedido fica guardado aqui até ela voltar.");

  await comanda.open();
  await expect(order).toBeEnabled();
  expect(await isSameDocument(customer)).toBe(true);
  await expect(customer.getByRole("listitem").filter({ hasText: "Pão de queijo" })).toBeVisible();
  await customer.getByLabel("Seu primeiro nome").fill("Ana");
  await customer.getByText("Para viagem").tap();
  await order.tap();
  await customer.waitForURL(/\/acompanhar#/);
});
