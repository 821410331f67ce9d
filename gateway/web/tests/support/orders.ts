// Orders, placed as a customer does it on the page, or quickly by the REST face.

import type { Locator, Page } from "@playwright/test";
import type { Comanda } from "./comanda.ts";
import { expect } from "./test.ts";

/** The plus of a product on the menu. */
export const plus = (page: Page, product: string): Locator =>
  page.getByRole("button", { name: `Adicionar ${product}`, exact: true });

/** From the menu to the basket, ready to be ordered. */
export async function fillBasket(page: Page, product: string, name = "Ana"): Promise<void> {
  await plus(page, product).tap();
  await page.getByRole("link", { name: /Ver pedido/ }).tap();
  await page.getByLabel("Seu primeiro nome").fill(name);
  await page.getByText("Para viagem").tap();
}

/** From the menu to the page that follows the order; returns the number that people see. */
export async function orderOnPage(page: Page, name: string): Promise<string> {
  await fillBasket(page, "Pão de queijo", name);
  await page.getByRole("button", { name: /^Pedir ·/ }).tap();
  await page.waitForURL(/\/acompanhar#/);
  return shownNumber(page);
}

export async function shownNumber(page: Page): Promise<string> {
  const number = page.locator(".number");
  await expect(number).toHaveText(/^\d+$/);
  return number.innerText();
}

interface Wanted {
  name?: string;
  table?: string;
  product?: string;
  /** A second product. */
  also?: string;
  quantity?: number;
  note?: string;
  allergy?: string;
  /** In centavos: refused when it is no longer right. */
  seenPrice?: number;
}

export interface Placed {
  id: string;
  number: string;
  /** The page that follows it. */
  path: string;
}

export async function place(comanda: Comanda, wanted: Wanted = {}): Promise<Placed> {
  const { name = "Ana", table, product = "Pão de queijo", also, quantity = 1, note, allergy, seenPrice } = wanted;
  const menu = await json(await fetch(`${comanda.origin}/cardapio`));
  const products = menu.categorias.flatMap((category: any) => category.produtos);
  const reply = await fetch(`${comanda.origin}/pedido`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": crypto.randomUUID() },
    body: JSON.stringify({
      cliente: name,
      mesa: table,
      itens: [product, ...(also ? [also] : [])].map((wanted) => ({
        produto_id: products.find((p: any) => p.nome === wanted).id,
        quantidade: quantity,
        observacao: note,
        alergia: allergy,
        preco_visto: seenPrice && { moeda: "BRL", centavos: seenPrice },
      })),
    }),
  });
  const order = await json(reply);
  return { id: order.id, number: String(order.numero), path: `/acompanhar#${order.id}.${order.token}` };
}

/** Whether the shop takes such an order now, asked by placing one: services learn of changes up to a second later. */
export function takesOrders(comanda: Comanda, product: string, seenPrice?: number): Promise<boolean> {
  return place(comanda, seenPrice === undefined ? { product } : { product, seenPrice }).then(
    () => true,
    () => false,
  );
}

async function json(reply: Response): Promise<any> {
  if (!reply.ok) throw new Error(`${reply.url}: ${reply.status} ${await reply.text()}`);
  return reply.json();
}
