// From the phone to the tablet and back: each step is seen on the other side without a reload.

import { choose, column, layOut, pill, ticket } from "./support/board.ts";
import { fillBasket, orderOnPage, place, shownNumber } from "./support/orders.ts";
import { expect, isSameDocument, markDocument, test } from "./support/test.ts";

test("C6: a coffee is ordered, started, made ready and collected", async ({ people }) => {
  const [barista, panel, customer] = await Promise.all([people.barista(), people.panel(), people.customer()]);
  await expect(barista.getByText("Nenhum pedido na fila")).toBeVisible();
  await expect(pill(barista)).toHaveText("Ao vivo");
  for (const page of [barista, panel]) await markDocument(page);

  const number = await orderOnPage(customer, "Ana");
  await markDocument(customer);
  const step = customer.locator("[aria-current='step']");
  await expect(step).toHaveText("Recebido");
  await expect(customer).toHaveTitle(`${number} · Recebido`);
  const received = ticket(column(barista, "Recebido"), number);
  await expect(received).toContainText("Ana");
  await expect(received).toContainText("1×Pão de queijo");
  await expect(received).toContainText("Viagem");

  await received.getByRole("button", { name: "Iniciar" }).tap();
  await expect(ticket(column(barista, "Em preparo"), number)).toBeVisible();
  await expect(step).toHaveText("Em preparo");
  await expect(panel.getByRole("region", { name: "Em preparo" })).toContainText(number);

  await ticket(column(barista, "Em preparo"), number).getByRole("button", { name: "Pronto" }).tap();
  await expect(step).toHaveText("Pronto");
  await expect(customer).toHaveTitle(`${number} · Pronto`);
  await expect(customer.getByText("Pode retirar no balcão.")).toBeVisible();
  await expect(panel.getByRole("region", { name: "Pronto" }).getByRole("listitem")).toHaveText(`${number}Ana`);

  await ticket(column(barista, "Pronto"), number).getByRole("button", { name: "Entregar" }).tap();
  await expect(step).toHaveText("Entregue");
  await expect(barista.getByText("Nenhum pedido na fila")).toBeVisible();
  await expect(panel.getByText("Nenhum pedido agora")).toBeVisible();
  for (const page of [barista, panel, customer]) expect(await isSameDocument(page)).toBe(true);
});

test("a step is undone, and the customer sees that too", async ({ comanda, people }) => {
  const { number, path } = await place(comanda);
  const [barista, customer] = await Promise.all([people.barista(), people.customer(path)]);
  await ticket(column(barista, "Recebido"), number).getByRole("button", { name: "Iniciar" }).tap();
  const step = customer.locator("[aria-current='step']");
  await expect(step).toHaveText("Em preparo");
  await barista.getByRole("button", { name: "Desfazer" }).tap();
  await expect(ticket(column(barista, "Recebido"), number)).toBeVisible();
  await expect(step).toHaveText("Recebido");
});

test("B15: a cancelled ticket stays struck through until the kitchen has seen it", async ({ comanda, people }) => {
  const { number, path } = await place(comanda);
  const [barista, customer] = await Promise.all([people.barista(), people.customer(path)]);
  await expect(ticket(barista, number)).toBeVisible();
  await customer.getByRole("button", { name: "Cancelar pedido" }).tap();
  await customer.getByRole("button", { name: "Sim, cancelar" }).tap();
  await expect(customer.getByText("Este pedido foi cancelado.")).toBeVisible();

  const cancelled = ticket(barista, number);
  await expect(cancelled).toContainText("Cancelado");
  await expect(cancelled.locator(".ticket-title")).toHaveCSS("text-decoration-line", "line-through");
  // In lanes, too, none of which is of cancelled tickets.
  await layOut(barista, "Em colunas");
  await expect(cancelled.locator(".ticket-title")).toHaveCSS("text-decoration-line", "line-through");
  await cancelled.getByRole("button", { name: "Ciente" }).tap();
  await expect(barista.getByText("Nenhum pedido na fila")).toBeVisible();
});

test("C1: what the kitchen marks as sold out cannot be ordered", async ({ people }) => {
  const [barista, customer] = await Promise.all([people.barista(), people.customer()]);
  const product = customer.getByRole("button", { name: /^Brigadeiro/ });
  await expect(product).toBeEnabled();
  await choose(barista, "Cardápio");
  await barista.getByRole("switch", { name: "Brigadeiro: Esgotado" }).tap();
  await expect(product).toBeDisabled();
  await expect(product).toContainText("Esgotado");
});

test("C4: an order whose answers get lost is one order, also after a reload", async ({ people }) => {
  const [barista, customer] = await Promise.all([people.barista(), people.customer()]);
  await customer.route("**/PlaceOrder", async (route) => {
    await route.fetch();
    await route.abort("connectionreset");
  });
  await fillBasket(customer, "Pão de queijo", "Bia");
  await customer.getByRole("button", { name: /^Pedir ·/ }).tap();
  await expect(customer.getByText("o pedido não será feito duas vezes")).toBeVisible();
  const order = barista.getByRole("article");
  await expect(order).toContainText("Bia");
  await customer.unroute("**/PlaceOrder");
  await customer.reload();
  await customer.waitForURL(/\/acompanhar#/);
  await expect(order).toHaveAccessibleName(new RegExp(`^${await shownNumber(customer)} `));
});

test("C4: a lost answer is asked for again and makes one order", async ({ people }) => {
  const [barista, customer] = await Promise.all([people.barista(), people.customer()]);
  await customer.route("**/PlaceOrder", async (route) => {
    await route.fetch();
    await route.abort("connectionreset");
  }, { times: 1 });
  const number = await orderOnPage(customer, "Bia");
  await expect(ticket(column(barista, "Recebido"), number)).toBeVisible();
  const second = await orderOnPage(await people.customer(), "Caio");
  await expect(ticket(column(barista, "Recebido"), second)).toBeVisible();
  await expect(barista.getByRole("article")).toHaveCount(2);
});
