// From the basket to the order: what it costs, where it goes, and what is missing.

import { toBinary } from "@bufbuild/protobuf";
import {
  PlaceOrderRequestSchema,
  QuoteOrderResponseSchema,
  type PlaceOrderRequest,
} from "../src/gen/comanda/orders/v1/order_service_pb.ts";
import type { Page } from "@playwright/test";
import { examine } from "./support/examine.ts";
import { answer, messageIn } from "./support/grpc_web.ts";
import { fillBasket, plus } from "./support/orders.ts";
import { expect, test } from "./support/test.ts";

const order = (page: Page) => page.getByRole("button", { name: /^Pedir ·/ });
const quoted = (page: Page) => page.waitForResponse(/QuoteOrder$/);
const total = (page: Page) => page.locator(".total strong");
const plain = (words: string) => words.replaceAll("\u00a0", " ");

test("C3: the basket survives a reload, and its total is the server's", async ({ people }) => {
  const page = await people.customer();
  const first = quoted(page);
  await fillBasket(page, "Pão de queijo");
  const told = messageIn(QuoteOrderResponseSchema, await (await first).body());
  expect(told.total?.minorUnits).toBe(1200n);
  await expect.poll(async () => plain(await total(page).innerText())).toBe("R$ 12,00");
  const again = quoted(page);
  await page.reload();
  await again;
  await expect(page.locator(".basket-lines li")).toHaveText([/Pão de queijo/]);
  await expect(page.getByLabel("Seu primeiro nome")).toHaveValue("Ana");

  // Where the two reckon otherwise, the server is right.
  told.total!.minorUnits = 2350n;
  await answer(page, "QuoteOrder", toBinary(QuoteOrderResponseSchema, told));
  await page.getByRole("button", { name: "Mais Pão de queijo" }).tap();
  await expect(total(page)).toHaveText(/23,50$/);
  await expect(order(page)).toHaveText(/23,50$/);
});

test("C11: what is missing is told, and the first of it has the focus", async ({ people }) => {
  const page = await people.customer();
  await plus(page, "Pão de queijo").tap();
  await page.getByRole("link", { name: /Ver pedido/ }).tap();
  const name = page.getByLabel("Seu primeiro nome");
  await expect(name).toHaveAttribute("autocomplete", "given-name");
  for (const mode of await page.getByRole("radio").all()) await expect(mode, "nobody chooses for the customer").not.toBeChecked();
  await order(page).tap();
  await expect(name).toBeFocused();
  await expect(name).toHaveAccessibleDescription("Diga o seu nome, para chamarmos você.");
  await name.fill("Ana");
  await order(page).tap();
  await expect(page.getByRole("radio", { name: "Para viagem" })).toBeFocused();
  await expect(page.getByRole("group", { name: "Como prefere receber?" })).toHaveAccessibleDescription("Diga como prefere receber.");
  await examine(page, "basket-no-mode", "any");
  await page.getByText("Na mesa").tap();
  await order(page).tap();
  await expect(page.getByLabel("Número da mesa")).toBeFocused();

  // What only the server knows to be wrong: nobody could read this name.
  await name.fill("\u200b");
  await page.getByLabel("Número da mesa").fill("4");
  await order(page).tap();
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(name).toBeFocused();
});

test("the code on a table says which one, for this visit, and can be overruled", async ({ people }) => {
  const page = await people.customer("/?mesa=12");
  await expect(page.getByRole("banner")).toContainText("Mesa 12");
  expect(new URL(page.url()).search, "taken off the address").toBe("");
  await page.reload();
  await plus(page, "Pão de queijo").tap();
  await page.getByRole("link", { name: /Ver pedido/ }).tap();
  await page.getByLabel("Seu primeiro nome").fill("Ana");
  await expect(page.getByRole("radio", { name: "Na mesa" })).toBeChecked();
  await expect(page.locator(".told-table")).toContainText("Mesa 12");
  await examine(page, "basket-table", "any");
  await page.getByRole("button", { name: "Trocar a mesa" }).tap();
  await page.getByLabel("Número da mesa").fill("14");
  expect((await placed(page)).serviceMode?.mode.value).toMatchObject({ table: "14" });
  await page.getByRole("link", { name: "Fazer outro pedido" }).tap();
  await expect(page.getByRole("banner")).toContainText("Mesa 14");

  const other = await page.context().newPage();
  await other.goto("/");
  await expect(other.getByRole("heading", { name: "Cafés", exact: true })).toBeVisible();
  await expect(other.getByRole("banner"), "another visit").not.toContainText("Mesa");
});

/** Orders, and gives what was sent. */
async function placed(page: Page): Promise<PlaceOrderRequest> {
  const sent = page.waitForRequest(/PlaceOrder$/);
  await order(page).tap();
  const request = messageIn(PlaceOrderRequestSchema, (await sent).postDataBuffer()!);
  await page.waitForURL(/\/acompanhar#/);
  return request;
}
