// When a shop takes no orders: the menu can be read and the basket filled, and nothing filled is lost.

import { choose } from "./support/board.ts";
import { examine } from "./support/examine.ts";
import { holdBack } from "./support/hold_back.ts";
import { COFFEE, importMenu } from "./support/menu.ts";
import { fillBasket, takesOrders } from "./support/orders.ts";
import { expect, isSameDocument, markDocument, test } from "./support/test.ts";

const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const DIAS = ["segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo"];
const ZONE = "America/Sao_Paulo";

/** So many days from now in the shop's time zone, 0 for Monday. */
function weekday(inDays: number): number {
  const name = new Intl.DateTimeFormat("en", { timeZone: ZONE, weekday: "long" }).format(Date.now() + inDays * 86_400_000);
  return DAYS.indexOf(name.toLowerCase());
}

test("a closed shop says when it opens; hours that change open it without a reload", async ({ comanda, people }) => {
  const in3 = weekday(3);
  await importMenu(comanda, { hours: { [DAYS[in3]!]: ["07:00-12:00"] } });
  const page = await people.customer();
  await expect(page.getByText(`Fechado, abre ${DIAS[in3]}, 07:00. Você já pode montar`)).toBeVisible();
  await examine(page, "menu-closed", "any");
  await markDocument(page);
  await fillBasket(page, COFFEE.name);
  const order = page.getByRole("button", { name: /^Pedir ·/ });
  await expect(order).toBeDisabled();
  await expect(order).toHaveAccessibleDescription(/^Fechado, abre .* O pedido fica guardado aqui\.$/);
  await examine(page, "basket-closed", "any");

  // Whichever day it is by now, it is open until the day after that.
  const always = Object.fromEntries(DAYS.map((day) => [day, ["00:00-24:00"]]));
  const { [DAYS[weekday(2)]!]: _, ...most } = always;
  await importMenu(comanda, { hours: most });
  await expect(order).toBeEnabled();
  await expect(page.getByText(`Aberto até ${DIAS[weekday(2)]}, 00:00`)).toBeVisible();
  expect(await isSameDocument(page)).toBe(true);
  await expect.poll(() => takesOrders(comanda, COFFEE.name)).toBe(true);
  await order.tap();
  await page.waitForURL(/\/acompanhar#/);
});

test("on a holiday a shop that is always open is closed, and says until when", async ({ comanda, people }) => {
  const day = (inDays: number) =>
    new Intl.DateTimeFormat("sv", { timeZone: ZONE }).format(Date.now() + inDays * 86_400_000);
  // From yesterday on, so that midnight changes nothing.
  const holidays = [-1, 0, 1, 2].map(day);
  const in3 = weekday(3);
  await importMenu(comanda, { specialDays: Object.fromEntries(holidays.map((date) => [date, []])) });
  const page = await people.customer();
  await expect(page.getByText(`Fechado, abre ${DIAS[in3]}, 00:00. Você já pode montar`)).toBeVisible();
  expect(await takesOrders(comanda, COFFEE.name)).toBe(false);
  await importMenu(comanda, {});
  await expect(page.getByText("Fechado")).toBeHidden();
  await expect.poll(() => takesOrders(comanda, COFFEE.name)).toBe(true);
});

test("the tablet pauses ordering and resumes it; phones follow", async ({ comanda, people }) => {
  await importMenu(comanda, {});
  const [barista, page] = await Promise.all([people.barista(), people.customer()]);
  await fillBasket(page, COFFEE.name);
  for (const one of [barista, page]) await markDocument(one);
  const order = page.getByRole("button", { name: /^Pedir ·/ });
  await expect(order).toBeEnabled();

  await choose(barista, "Pausar");
  await barista.getByLabel("Motivo").fill("muitos pedidos agora.");
  await barista.getByRole("radio", { name: "30 min" }).tap();
  await examine(barista, "pause-dialog", "tablet");
  await barista.getByRole("button", { name: "Pausar agora" }).tap();
  const banner = barista.locator(".pause-banner");
  await expect(banner).toContainText(/^Pedidos pausados até .*\d\d:\d\d: muitos pedidos agora\./);
  await examine(barista, "board-paused", "tablet");
  await expect(order).toBeDisabled();
  await expect(order).toHaveAccessibleDescription(/^Pedidos pausados: muitos pedidos agora\. Voltam às .*\d\d:\d\d\. O pedido/);
  await page.goto("/#");
  await expect(page.getByText(/^Pedidos pausados: muitos pedidos agora\..* Você já pode montar/)).toBeVisible();
  await examine(page, "menu-paused", "any");
  await page.getByRole("link", { name: /Ver pedido · 1 item/ }).tap();

  await banner.getByRole("button", { name: "Retomar" }).tap();
  await expect(banner).toBeHidden();
  await expect(order).toBeEnabled();
  for (const one of [barista, page]) expect(await isSameDocument(one)).toBe(true);
});

test("who pauses second is told that somebody else was first", async ({ comanda, people }) => {
  await importMenu(comanda, {});
  const [first, second] = await Promise.all([people.barista(), people.barista()]);
  await choose(second, "Pausar");
  const letGo = await holdBack(second, "UpdateShop");
  await second.getByRole("button", { name: "Pausar agora" }).tap();
  await choose(first, "Pausar");
  await first.getByRole("radio", { name: "até eu retomar" }).tap();
  await first.getByRole("button", { name: "Pausar agora" }).tap();
  await expect(first.locator(".pause-banner")).toContainText("até alguém retomar");
  letGo();
  await expect(second.getByRole("dialog").getByRole("alert")).toContainText("Outra pessoa mudou a loja antes");
  await expect(second.locator(".pause-banner")).toContainText("até alguém retomar");
  // By the newer menu it is possible.
  await second.getByRole("button", { name: "Pausar agora" }).tap();
  await expect(second.getByRole("dialog")).toBeHidden();
  await expect(first.locator(".pause-banner")).toContainText(/pausados até .*\d\d:\d\d/);
});

test("a basket survives being refused because of a pause, and is sent later as a new order", async ({ comanda, people }) => {
  await importMenu(comanda, {});
  const [barista, page] = await Promise.all([people.barista(), people.customer()]);
  await expect(page.getByRole("button", { name: /^Café do dia/ })).toBeVisible();
  // The pause begins while the order is on its way.
  const requests: string[] = [];
  await page.route("**/PlaceOrder", async (route) => {
    const sent = route.request().postDataBuffer()?.toString("latin1") ?? "";
    requests.push(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(sent)?.[0] ?? "");
    if (requests.length === 1) {
      await choose(barista, "Pausar");
      await barista.getByRole("button", { name: "Pausar agora" }).tap();
      await expect.poll(() => takesOrders(comanda, COFFEE.name)).toBe(false);
    }
    await route.continue();
  });
  await fillBasket(page, COFFEE.name);
  const order = page.getByRole("button", { name: /^Pedir ·/ });
  await order.tap();
  await expect(order).toBeDisabled();
  await expect(page.locator("#blocked")).toContainText("Pedidos pausados");
  await expect(page.getByRole("listitem").filter({ hasText: "Café do dia" })).toBeVisible();

  await barista.getByRole("button", { name: "Retomar" }).tap();
  await expect(order).toBeEnabled();
  await expect(page.getByRole("alert"), "old news is gone").toBeHidden();
  await expect.poll(() => takesOrders(comanda, COFFEE.name)).toBe(true);
  await order.tap();
  await page.waitForURL(/\/acompanhar#/);
  expect(requests).toHaveLength(2);
  expect(requests[0]).not.toBe("");
  expect(requests[1], "a refusal is final for its key").not.toBe(requests[0]);
});

test("a shop that is busy says so and keeps the basket", async ({ comanda, people }) => {
  await importMenu(comanda, { maxOpenTickets: 1 });
  const first = await people.customer();
  await fillBasket(first, COFFEE.name);
  await first.getByRole("button", { name: /^Pedir ·/ }).tap();
  await first.waitForURL(/\/acompanhar#/);
  const page = await people.customer();
  await fillBasket(page, COFFEE.name);
  const order = page.getByRole("button", { name: /^Pedir ·/ });
  // The shop counts by what its kitchen has told; the first refusal shows that it knows.
  await order.tap();
  await expect(page.getByRole("alert")).toContainText("todos os pedidos que consegue preparar");
  await expect(order).toBeEnabled();
  await expect(page.getByRole("listitem").filter({ hasText: "Café do dia" })).toBeVisible();
});
