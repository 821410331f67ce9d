// What the board looks like: how much of it is seen at once, what a card says, and by day or by night.

import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { Page } from "@playwright/test";
import type { Ticket } from "../src/gen/comanda/kitchen/v1/ticket_pb.ts";
import { OrderState } from "../src/gen/comanda/type/v1/order_state_pb.ts";
import type { Comanda } from "./support/comanda.ts";
import { column, lane, layOut, ticket } from "./support/board.ts";
import { examine, overflow } from "./support/examine.ts";
import { SetKitchen, ticketOf } from "./support/grpc_web.ts";
import { place } from "./support/orders.ts";
import { expect, TABLET, TABLET_UPRIGHT, test, type People } from "./support/test.ts";

const NOON = Date.parse("2026-03-02T12:00:00Z");
const LINES = [{ name: "Cappuccino", quantity: 2, index: 0 }, { name: "Pão de queijo", quantity: 1, index: 1 }];

const many = (count: number, state: (n: number) => OrderState = () => OrderState.RECEIVED): Ticket[] =>
  Array.from({ length: count }, (_, n) =>
    ticketOf({ state: state(n), acceptTime: timestampFromMs(NOON + n * 1000), updateTime: timestampFromMs(NOON), lines: LINES }),
  );

async function withBoard(people: People, comanda: Comanda, tickets: Ticket[], viewport: typeof TABLET, look: (page: Page) => Promise<void>) {
  const kitchen = new SetKitchen(tickets, NOON + 60_000);
  try {
    const page = await people.device({ viewport });
    await kitchen.serve(page);
    await page.goto(`/barista#${comanda.staffToken}`);
    await expect(page.getByRole("article").first()).toBeVisible();
    await look(page);
  } finally {
    kitchen.close();
  }
}

/** Tickets that are seen whole. */
const seen = (page: Page) =>
  page.getByRole("article").evaluateAll(
    (all) => all.filter((one) => one.getBoundingClientRect().bottom <= innerHeight && one.getBoundingClientRect().top >= 0).length,
  );

for (const [viewport, least] of [[TABLET, 10], [TABLET_UPRIGHT, 6]] as const) {
  test(`at ${viewport.width} at least ${least} tickets of two lines are seen at once`, async ({ comanda, people }) => {
    await withBoard(people, comanda, many(30), viewport, async (page) => {
      expect(await seen(page)).toBeGreaterThanOrEqual(least);
      await examine(page, "board-crowded", "tablet");
    });
  });
}

test("B2: lanes by state with counts, oldest first, that scroll downwards only", async ({ comanda, people }) => {
  const states = [OrderState.RECEIVED, OrderState.PREPARING, OrderState.READY];
  await withBoard(people, comanda, many(40, (n) => states[n % 3]!).toReversed(), TABLET, async (page) => {
    await layOut(page, "Em colunas");
    for (const [state, count] of [["Recebido", "14"], ["Em preparo", "13"], ["Pronto", "13"]] as const) {
      await expect(lane(page, state).locator(".count")).toHaveText(count);
      const numbers = await lane(page, state).locator(".ticket-number").allInnerTexts();
      expect(numbers.map(Number)).toEqual(numbers.map(Number).toSorted((a, b) => a - b));
      const { right } = (await lane(page, state).evaluate((one) => one.getBoundingClientRect().toJSON())) as DOMRect;
      expect(right, "on the screen as a whole").toBeLessThanOrEqual(TABLET.width);
      const flow = lane(page, state).locator(".flow");
      expect(await flow.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
      expect(await flow.evaluate(({ scrollHeight, clientHeight }) => scrollHeight > clientHeight)).toBe(true);
    }
    expect(await overflow(page)).toBe(0);
    await examine(page, "board-lanes", "tablet");
    await page.reload();
    await expect(lane(page, "Recebido"), "the choice stays").toBeVisible();
  });
});

test("B3: a card says all that a barista needs", async ({ comanda, people }) => {
  const { number } = await place(comanda, { name: "Ana", table: "12", product: "Pão de queijo", quantity: 2, note: "sem açúcar", allergy: "amendoim" });
  const page = await people.barista();
  const card = ticket(page, number);
  const size = (part: string) => card.locator(part).first().evaluate((one) => parseFloat(getComputedStyle(one).fontSize));
  expect(await size(".ticket-number")).toBeGreaterThanOrEqual(32);
  expect(await size(".ticket-product")).toBeGreaterThanOrEqual(22);
  await expect(card).toContainText("Ana");
  await expect(card.getByText("Mesa 12")).toBeAttached();
  await expect(card.locator(".ticket-timer")).toHaveText(/\d\d:\d\d$/);
  await expect(card.getByRole("listitem")).toHaveText(/^2×\s*Pão de queijo/);
  await expect(card.locator(".ticket-mode").getByText("12", { exact: true })).toBeVisible();
  const [allergy, note] = [card.locator(".ticket-allergy"), card.locator(".ticket-note")];
  await expect(allergy).toHaveText(/ALERGIA: amendoim/);
  await expect(allergy.locator(".icon")).toBeVisible();
  const ground = (part: typeof note) => part.evaluate((one) => getComputedStyle(one).backgroundColor);
  expect(await ground(allergy), "never the box of a mere wish").not.toBe(await ground(note));
});

test("B3: what was chosen is indented below its product", async ({ comanda, people }) => {
  const lines = [{ name: "Latte", quantity: 2, options: ["Grande"] }];
  const one = ticketOf({ state: OrderState.RECEIVED, acceptTime: timestampFromMs(NOON), lines });
  await withBoard(people, comanda, [one], TABLET, async (page) => {
    const words = (part: string) =>
      page.locator(part).evaluate((of) => {
        const range = document.createRange();
        range.selectNodeContents(of);
        return range.getBoundingClientRect().toJSON() as DOMRect;
      });
    const [quantity, product, option] = await Promise.all([".ticket-quantity", ".ticket-product", ".ticket-option"].map(words));
    expect(quantity!.right).toBeLessThanOrEqual(product!.left);
    expect(option!.left).toBeGreaterThan(product!.left);
    expect(option!.top).toBeGreaterThanOrEqual(product!.bottom);
  });
});

test("B4: buttons are large, and far enough from each other", async ({ comanda, people }) => {
  for (const name of ["Ana", "Bia", "Caio", "Dora"]) await place(comanda, { name });
  await place(comanda, { name: "Eva", also: "Brigadeiro" });
  const page = await people.barista();
  await expect(page.getByRole("article")).toHaveCount(5);
  const boxes = await page.locator("button:visible, a[href]:visible, label:visible").evaluateAll((all) =>
    all.map((one) => ({ box: one.getBoundingClientRect().toJSON() as DOMRect, is: one.className || one.textContent })),
  );
  expect(boxes.filter(({ is }) => is.includes("ticket-line")).length, "a tap on a line is one, too").toBe(6);
  for (const { box, is } of boxes) {
    expect(box.height, is).toBeGreaterThanOrEqual(is.includes("advance") ? 64 : 48);
    expect(box.width, is).toBeGreaterThanOrEqual(48);
  }
  const apart = (a: DOMRect, b: DOMRect) =>
    Math.max(a.left - b.right, b.left - a.right, a.top - b.bottom, b.top - a.bottom);
  for (const [at, one] of boxes.entries()) {
    for (const other of boxes.slice(at + 1)) {
      // Lines lie one below the other: a tap on the wrong one is taken back by another.
      const least = [one, other].every(({ is }) => is.includes("ticket-line")) ? 0 : 8;
      expect(apart(one.box, other.box), `${one.is}, ${other.is}`).toBeGreaterThanOrEqual(least);
    }
  }
});

test("by day or by night, as somebody chose at the device", async ({ comanda, people }) => {
  const { number } = await place(comanda);
  const page = await people.barista();
  await expect(ticket(page, number)).toBeVisible();
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const day = await paper();
  await page.getByRole("button", { name: "Opções" }).tap();
  await expect(page.getByRole("radio", { name: "Noite" })).toBeVisible();
  await examine(page, "board-options", "any");
  await page.getByRole("radio", { name: "Noite" }).check();
  const night = await paper();
  expect(night).not.toBe(day);
  await page.reload();
  await expect(ticket(column(page, "Recebido"), number)).toBeVisible();
  expect(await paper()).toBe(night);
});
