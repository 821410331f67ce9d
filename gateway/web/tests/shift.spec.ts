// A shift begins with one tap, and from then on nobody has to look to know what is new.

import type { Page } from "@playwright/test";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { OrderState } from "../src/gen/comanda/type/v1/order_state_pb.ts";
import { column, pill, ticket } from "./support/board.ts";
import { examine } from "./support/examine.ts";
import { SetKitchen, ticketOf } from "./support/grpc_web.ts";
import { place } from "./support/orders.ts";
import { expect, TABLET, test, type People } from "./support/test.ts";

interface Note {
  hertz: number;
  /** Seconds after it was asked for. */
  ends: number;
}

/** Runs in the page: writes down what it plays, and what it asks the browser for. */
function listen(refuses: boolean): void {
  const heard: Note[] = [];
  const asked: string[] = [];
  Object.assign(globalThis, { heard, asked });
  const { stop } = AudioScheduledSourceNode.prototype;
  AudioScheduledSourceNode.prototype.stop = function (this: OscillatorNode, when = 0) {
    heard.push({ hertz: this.frequency.value, ends: when - this.context.currentTime });
    stop.call(this, when);
  };
  const ask = (what: string) => () => {
    asked.push(what);
    return refuses ? Promise.reject(new DOMException("no", "NotAllowedError")) : Promise.resolve({ release: async () => {} });
  };
  const { resume } = AudioContext.prototype;
  AudioContext.prototype.resume = function () {
    asked.push("sound");
    return refuses ? Promise.reject(new DOMException("no", "NotAllowedError")) : resume.call(this);
  };
  Object.defineProperty(navigator, "wakeLock", { value: { request: ask("awake") } });
  Element.prototype.requestFullscreen = ask("full") as unknown as typeof Element.prototype.requestFullscreen;
}

const heard = (page: Page) => page.evaluate(() => Reflect.get(globalThis, "heard") as Note[]);
const asked = (page: Page) => page.evaluate(() => Reflect.get(globalThis, "asked") as string[]);
const begin = (page: Page) => page.getByRole("button", { name: "Iniciar turno" }).tap();

async function tablet(people: People, path: string, refuses = false): Promise<Page> {
  const page = await people.device({ viewport: TABLET });
  await page.addInitScript(listen, refuses);
  await page.goto(path);
  return page;
}

test("B1: one tap asks for sound, a screen that stays on, and all of it", async ({ comanda, people }) => {
  const page = await tablet(people, `/barista#${comanda.staffToken}`);
  await expect(pill(page)).toHaveText("Ao vivo");
  await examine(page, "shift-before", "any");
  expect(await asked(page), "nobody has tapped").toEqual([]);
  await begin(page);
  await expect.poll(async () => (await asked(page)).toSorted()).toEqual(["awake", "full", "sound"]);
  await expect(page.getByRole("button", { name: "Sem som" })).toHaveAttribute("aria-pressed", "false");
  await expect(page.locator(".toast")).toHaveCount(0);
  // Whoever comes back finds the screen on again.
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await expect.poll(async () => (await asked(page)).filter((what) => what === "awake")).toHaveLength(2);
});

test("B1: what the browser refuses is said, and blocks nothing", async ({ comanda, people }) => {
  const { number } = await place(comanda);
  const page = await tablet(people, `/barista#${comanda.staffToken}`, true);
  await expect(ticket(page, number)).toBeVisible();
  await begin(page);
  const refused = page.locator(".toast");
  await expect(refused).toHaveCount(3);
  await expect(refused.first()).toContainText("Os pedidos novos não vão tocar som. O navegador não permitiu");
  await expect(refused.nth(1)).toContainText("A tela pode apagar. O navegador não permitiu");
  await expect(refused.last()).toContainText("O quadro não ocupa a tela inteira.");
  await expect(refused.first().locator(".icon")).toBeVisible();
  await examine(page, "shift-refused", "any");
  await ticket(page, number).getByRole("button", { name: "Iniciar" }).tap();
  await expect(ticket(column(page, "Em preparo"), number)).toBeVisible();
  for (const left of [2, 1, 0]) {
    await refused.first().getByRole("button", { name: "Dispensar" }).tap();
    await expect(refused).toHaveCount(left);
  }
});

test("B10: a new order rings once, glows once, and is told; a cancellation sounds otherwise", async ({ comanda, people }) => {
  const page = await tablet(people, `/barista#${comanda.staffToken}`);
  await begin(page);
  await expect(pill(page)).toHaveText("Ao vivo");
  await page.clock.install();
  const { number, path } = await place(comanda, { quantity: 2 });
  await expect(page.getByRole("status").filter({ hasText: `Novo pedido ${number}: 2 itens` })).toBeAttached();
  const card = ticket(page, number);
  await expect(card).toHaveClass(/glow-new/);
  await page.clock.runFor(700);
  await expect(card).not.toHaveClass(/glow/);
  const chime = await heard(page);
  expect(chime.length, "three notes, once").toBe(3);
  expect(Math.max(...chime.map(({ ends }) => ends))).toBeLessThanOrEqual(2);

  const customer = await people.customer(path);
  await customer.getByRole("button", { name: "Cancelar pedido" }).tap();
  await customer.getByRole("button", { name: "Sim, cancelar" }).tap();
  await expect(page.getByRole("status").filter({ hasText: `O pedido ${number} foi cancelado` })).toBeAttached();
  const tune = (notes: Note[]) => notes.map(({ hertz }) => Math.round(hertz));
  const all = await heard(page);
  expect(all.length).toBeGreaterThan(chime.length);
  expect(tune(all.slice(chime.length))).not.toEqual(tune(chime));
});

test("B10: a board that is muted stays so", async ({ comanda, people }) => {
  const page = await tablet(people, `/barista#${comanda.staffToken}`);
  await begin(page);
  await page.getByRole("button", { name: "Sem som" }).tap();
  await page.reload();
  await begin(page);
  await expect(page.getByRole("button", { name: "Sem som" })).toHaveAttribute("aria-pressed", "true");
  const { number } = await place(comanda);
  await expect(ticket(page, number)).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: `Novo pedido ${number}: 1 item` })).toBeAttached();
  expect(await heard(page)).toEqual([]);
});

test("B10: an order that changes is told in its own way, and nothing rings at the start", async ({ comanda, people }) => {
  const now = Date.now();
  const lines = [{ name: "Latte", quantity: 1 }];
  const ana = ticketOf({ state: OrderState.RECEIVED, acceptTime: timestampFromMs(now), lines });
  const kitchen = new SetKitchen([ana], now);
  try {
    const page = await people.device({ viewport: TABLET });
    await page.addInitScript(listen, false);
    await kitchen.serve(page);
    await page.goto(`/barista#${comanda.staffToken}`);
    await begin(page);
    await expect(ticket(page, `${ana.number}`)).toBeVisible();
    expect(await heard(page)).toEqual([]);
    await page.clock.install();
    kitchen.upsert({ ...ana, revision: 2n, state: OrderState.PREPARING });
    kitchen.upsert({ ...ana, revision: 3n, state: OrderState.PREPARING, customerName: "Bia" });
    await expect(ticket(page, `${ana.number}`)).toHaveClass(/glow-changed/);
    await expect(page.getByRole("status").filter({ hasText: `O pedido ${ana.number} mudou` })).toBeAttached();
    expect((await heard(page)).length, "one tune").toBe(2);
  } finally {
    kitchen.close();
  }
});
