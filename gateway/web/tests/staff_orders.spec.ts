// What staff do with an order besides moving it on: cancel it, with a reason, and put back what was handed over.

import { column, pill, ticket } from "./support/board.ts";
import { examine } from "./support/examine.ts";
import { place } from "./support/orders.ts";
import { expect, test } from "./support/test.ts";

test("staff cancel an order with a reason, which the customer reads", async ({ comanda, people }) => {
  const { number, path } = await place(comanda);
  const [page, other, customer] = await Promise.all([people.barista(), people.barista(), people.customer(path)]);
  await ticket(page, number).getByRole("button", { name: "Iniciar" }).tap();
  const card = ticket(column(page, "Em preparo"), number);
  const more = card.getByRole("button", { name: `Mais: pedido ${number}` });
  const ask = async () => {
    await more.tap();
    await page.getByRole("dialog", { name: `Pedido ${number} · Ana` }).getByRole("button", { name: "Cancelar pedido" }).tap();
  };
  await ask();
  const dialog = page.getByRole("dialog", { name: `Cancelar o pedido ${number}?` });
  const yes = dialog.getByRole("button", { name: "Cancelar pedido" });
  await expect(yes, "not without a reason").toBeDisabled();
  await examine(page, "cancel-dialog", "any");
  await dialog.getByRole("button", { name: "Voltar" }).tap();
  await page.getByRole("dialog").getByRole("button", { name: "Fechar" }).tap();
  await expect(card).toBeVisible();
  await expect(more, "where it was").toBeFocused();

  await ask();
  await dialog.getByRole("button", { name: "Um produto acabou" }).tap();
  await dialog.getByLabel("Motivo").fill("O pão de queijo acabou");
  await yes.tap();
  for (const tablet of [page, other]) await expect(ticket(tablet, number)).toContainText("O pão de queijo acabou");
  await expect(customer.getByText("Motivo: O pão de queijo acabou")).toBeVisible();
  await ticket(other, number).getByRole("button", { name: `Ciente pedido ${number}` }).tap();
  for (const tablet of [page, other]) await expect(tablet.getByText("Nenhum pedido na fila")).toBeVisible();
  await expect(page.locator(".toast-problem")).toHaveCount(0);
});

test("B7: what was handed over by mistake is put back, also from another tablet and after a reload", async ({ comanda, people }) => {
  const { number, path } = await place(comanda, { name: "Ana" });
  const [page, other] = await Promise.all([people.barista(), people.barista()]);
  await expect(pill(other)).toHaveText("Ao vivo");
  await ticket(page, number).getByRole("button", { name: "Iniciar" }).tap();
  await ticket(column(page, "Em preparo"), number).getByRole("button", { name: /^Pronto/ }).tap();
  await ticket(column(page, "Pronto"), number).getByRole("button", { name: "Entregar" }).tap();
  await expect(other.getByText("Nenhum pedido na fila")).toBeVisible();
  await other.reload();
  await other.getByRole("button", { name: "Totais e recentes" }).tap();
  const recent = other.getByRole("region", { name: "Recentes" });
  await expect(recent.getByRole("listitem")).toContainText(`${number}Ana`);
  await examine(other, "recent", "any");
  await recent.getByRole("button", { name: `Reabrir pedido ${number}` }).tap();
  const dialog = other.getByRole("dialog");
  await examine(other, "recent-reason", "any");
  await dialog.getByRole("button", { name: "Entregue por engano" }).tap();
  await dialog.getByRole("button", { name: "Reabrir", exact: true }).tap();
  for (const tablet of [page, other]) await expect(ticket(column(tablet, "Pronto"), number)).toBeVisible();
  const customer = await people.customer(path);
  await expect(customer.locator("[aria-current='step']")).toHaveText("Pronto");
  await expect(recent.getByText("Nada entregue hoje")).toBeVisible();
});
