// What the page of an order does for whoever waits: it says when, calls when it is ready, is handed on, and repeated.

import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { Page } from "@playwright/test";
import { OrderState } from "../src/gen/comanda/type/v1/order_state_pb.ts";
import { column, ticket } from "./support/board.ts";
import { examine } from "./support/examine.ts";
import { advance } from "./support/kitchen.ts";
import { COFFEE, importMenu } from "./support/menu.ts";
import { fillBasket, orderOnPage, place, plus } from "./support/orders.ts";
import { SetOrder } from "./support/set_order.ts";
import { expect, PHONE, test } from "./support/test.ts";

const phone = { viewport: PHONE, isMobile: true };
const NOON = Date.parse("2026-03-02T15:00:00Z");
const MINUTE = 60_000;

test("C7: an estimate is a range by the shop's clock, then almost ready, and never negative", async ({ people }) => {
  const earliestReadyTime = timestampFromMs(NOON + 4 * MINUTE);
  const latestReadyTime = timestampFromMs(NOON + 8 * MINUTE + 10_000);
  const order = new SetOrder({ earliestReadyTime, latestReadyTime }, NOON);
  try {
    const page = await people.device({ ...phone, timezoneId: "Asia/Tokyo" });
    await order.serve(page);
    await page.goto(order.path);
    const estimate = page.locator(".estimate");
    await expect(estimate).toHaveText("Pronto entre 12:04 e 12:09");
    await examine(page, "order-estimate", "any");
    for (const late of [4, 30, 600]) {
      order.setTime(NOON + late * MINUTE);
      await expect(estimate).toHaveText("Quase pronto");
    }
    order.setState(OrderState.READY);
    await expect(estimate).toHaveText("");
  } finally {
    order.close();
  }
});

test("C7: a shop without enough finished orders promises nothing", async ({ comanda, people }) => {
  const { path } = await place(comanda);
  const page = await people.customer(path);
  await expect(page.locator("[aria-current='step']")).toHaveText("Recebido");
  await expect(page.locator(".estimate")).toHaveText("");
});

/** Notes each tone and each buzz in the page, and lets it do them. */
function listen(): void {
  const heard = { tones: 0, buzzes: 0 };
  Object.assign(globalThis, { heard });
  OscillatorNode.prototype.start = new Proxy(OscillatorNode.prototype.start, {
    apply: (start, tone, when) => {
      heard.tones++;
      return Reflect.apply(start, tone, when);
    },
  });
  Navigator.prototype.vibrate = new Proxy(Navigator.prototype.vibrate, {
    apply: (vibrate, navigator, pattern) => {
      heard.buzzes++;
      return Reflect.apply(vibrate, navigator, pattern);
    },
  });
}
const heard = (page: Page) => page.evaluate(() => Reflect.get(globalThis, "heard") as { tones: number; buzzes: number });

test("C6: who asked for it hears and feels that the order is ready; the choice is kept", async ({ comanda, people }) => {
  const orders = await Promise.all([place(comanda), place(comanda)]);
  const barista = await people.barista();
  const page = await people.device(phone);
  await page.addInitScript(listen);
  const ready = async (number: string) => {
    await ticket(column(barista, "Recebido"), number).getByRole("button", { name: "Iniciar" }).tap();
    await ticket(column(barista, "Em preparo"), number).getByRole("button", { name: /^Pronto/ }).tap();
    await expect(page).toHaveTitle(`${number} · Pronto`);
  };
  await page.goto(orders[0].path);
  const sound = page.getByRole("button", { name: "Avisar com som" });
  await expect(sound).toHaveAttribute("aria-pressed", "false");
  await sound.tap();
  await expect(sound).toHaveAttribute("aria-pressed", "true");
  await examine(page, "order-sound", "any");
  const before = await heard(page);
  await ready(orders[0].number);
  await expect.poll(async () => (await heard(page)).tones - before.tones).toBe(3);
  expect((await heard(page)).buzzes - before.buzzes).toBe(1);
  await expect(sound).toBeHidden();

  // Another order, another page: chosen once, it needs only a tap on anything.
  await page.goto("about:blank");
  await page.goto(orders[1].path);
  await page.getByText("O que você pediu").tap();
  await expect(sound).toHaveAttribute("aria-pressed", "true");
  await sound.tap();
  await expect(sound).toHaveAttribute("aria-pressed", "false");
  await page.reload();
  await page.getByText("O que você pediu").tap();
  const muted = await heard(page);
  await ready(orders[1].number);
  expect((await heard(page)).tones - muted.tones, "muted").toBe(0);
});

test("C6: a reload resumes the order", async ({ comanda, people }) => {
  const { number, path } = await place(comanda);
  const [barista, page] = await Promise.all([people.barista(), people.customer(path)]);
  await ticket(barista, number).getByRole("button", { name: "Iniciar" }).tap();
  const step = page.locator("[aria-current='step']");
  await expect(step).toHaveText("Em preparo");
  await page.reload();
  await expect(step).toHaveText("Em preparo");
  await expect(page.locator(".number")).toHaveText(number);
});

test("C8: who cancels too late is told why, and the way to cancel goes", async ({ comanda, people }) => {
  const placed = await place(comanda);
  const page = await people.customer(placed.path);
  await page.route("**/CancelOrder", async (route) => {
    await advance(comanda, placed, OrderState.PREPARING);
    await route.continue();
  });
  await page.getByRole("button", { name: "Cancelar pedido" }).tap();
  await page.getByRole("button", { name: "Sim, cancelar" }).tap();
  await expect(page.getByRole("alert")).toContainText(/prepar|etapa/i);
  await expect(page.locator("[aria-current='step']")).toHaveText("Em preparo");
  await expect(page.getByRole("button", { name: "Cancelar pedido" })).toHaveCount(0);
  await examine(page, "order-cancel-too-late", "any");
});

test("an order is placed again as far as it is still sold, and the rest is told", async ({ comanda, people }) => {
  await importMenu(comanda, { categories: { Doces: [COFFEE, { name: "Quindim" }] } });
  const page = await people.customer();
  await plus(page, "Quindim").tap();
  await fillBasket(page, COFFEE.name);
  await page.getByRole("button", { name: /^Pedir ·/ }).tap();
  await page.waitForURL(/\/acompanhar#/);
  await page.getByRole("button", { name: "Cancelar pedido" }).tap();
  await page.getByRole("button", { name: "Sim, cancelar" }).tap();
  await expect(page.getByText("Este pedido foi cancelado.")).toBeVisible();
  await importMenu(comanda, { categories: { Doces: [{ ...COFFEE, price: "6.00" }] } });
  await page.getByRole("button", { name: "Pedir de novo" }).tap();
  await expect(page.locator(".basket-lines li")).toHaveText([/Café do dia.*6,00.*antes.*5,00/]);
  const told = page.getByRole("status").filter({ hasText: "Não entrou no pedido, porque não há mais: Quindim." });
  await expect(told).toBeVisible();
  await examine(page, "basket-again", "any");
  await told.getByRole("button", { name: "Dispensar" }).tap();
  await expect(told).toHaveCount(0);

  await importMenu(comanda, { categories: { Doces: [{ name: "Bolo" }] } });
  await page.goBack();
  await page.getByRole("button", { name: "Pedir de novo" }).tap();
  await expect(page.getByRole("alert")).toContainText("Nada deste pedido pode ser pedido agora: Quindim, Café do dia.");
  await examine(page, "order-nothing-left", "any");
});

test("C9: a link to share is copied, and whoever opens it only follows", async ({ people }) => {
  const mine = await people.customer("/", { permissions: ["clipboard-read", "clipboard-write"] });
  const number = await orderOnPage(mine, "Ana");
  await mine.getByRole("button", { name: "Compartilhar" }).tap();
  await expect(mine.getByText("Link copiado: quem abrir só acompanha.")).toBeVisible();
  await examine(mine, "order-shared", "any");
  const link = await mine.evaluate(() => navigator.clipboard.readText());
  expect(link).not.toBe(mine.url());
  const theirs = await people.customer(link);
  await expect(theirs.locator(".number")).toHaveText(number);
  await expect(theirs.locator("[aria-current='step']")).toHaveText("Recebido");
  await expect(theirs.getByRole("button", { name: "Cancelar pedido" })).toHaveCount(0);
  await examine(theirs, "order-view-only", "any");
});

test("C9: where the browser lets no page copy, the link is shown", async ({ people }) => {
  const page = await people.device(phone);
  await page.addInitScript(() => Object.defineProperty(Navigator.prototype, "clipboard", { get: () => undefined }));
  await page.goto("/");
  await orderOnPage(page, "Ana");
  await page.getByRole("button", { name: "Compartilhar" }).tap();
  await expect(page.getByLabel("Copie o link: quem abrir só acompanha.")).toHaveValue(/\/acompanhar#[0-9a-f-]{36}\.[\w-]+\.v\./);
  await examine(page, "order-share-by-hand", "any");
});
