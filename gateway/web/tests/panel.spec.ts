// Everybody whose order is ready finds the number on the panel, however small the screen and however many wait.

import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { OrderState } from "../src/gen/comanda/type/v1/order_state_pb.ts";
import { examine } from "./support/examine.ts";
import { SetKitchen, ticketOf } from "./support/grpc_web.ts";
import { advance } from "./support/kitchen.ts";
import { place } from "./support/orders.ts";
import { expect, TABLET, test } from "./support/test.ts";

const NOON = Date.parse("2026-03-02T12:00:00Z");
const READY = 40;

const SCREENS = [
  { width: 390, height: 844 },
  { width: 640, height: 360 },
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
];

for (const viewport of SCREENS) {
  test(`C12: all ready orders come by on a panel of ${viewport.width} × ${viewport.height}`, async ({ comanda, people }) => {
    const tickets = Array.from({ length: READY }, (_, at) =>
      ticketOf({ state: OrderState.READY, customerName: "Maria Aparecida", updateTime: timestampFromMs(NOON + at * 1000) }),
    );
    const kitchen = new SetKitchen(tickets, NOON + 3_600_000);
    try {
      const page = await people.device({ viewport });
      await page.clock.install();
      await kitchen.serve(page);
      await page.goto(`/painel#${comanda.panelToken}`);
      const section = page.getByRole("region", { name: "Pronto" });
      await expect(section.getByRole("listitem").first()).toContainText(`${tickets.at(-1)!.number}`);
      await expect(section.getByRole("heading")).toHaveText(new RegExp(`1/\\d+ · ${READY} ao todo$`));
      const size = await section.locator("b").first().evaluate((number) => parseFloat(getComputedStyle(number).fontSize));
      // What hangs on a wall is at least a tablet.
      if (viewport.width >= TABLET.width) expect(size).toBeGreaterThanOrEqual(96);
      if (viewport.width === 1280) await examine(page, "panel-pages", "tablet");
      // From here on the pages turn when the test says so.
      await page.clock.pauseAt(Date.now() + 60_000);
      const seen = new Set<string>();
      for (let turns = 0; seen.size < READY && turns <= 2 * READY; turns++) {
        const { whole, cut } = await section.evaluate((box) => {
          const edge = box.getBoundingClientRect();
          const shown = [...box.querySelectorAll("li")].map((item) => ({ item, at: item.getBoundingClientRect() }));
          const isWhole = ({ at }: (typeof shown)[number]) =>
            at.top >= edge.top && at.bottom <= edge.bottom && at.left >= edge.left && at.right <= edge.right + 1;
          const number = ({ item }: (typeof shown)[number]) => item.querySelector("b")!.textContent ?? "";
          return { whole: shown.filter(isWhole).map(number), cut: shown.filter((one) => !isWhole(one)).map(number) };
        });
        expect(cut, "nothing is half on the screen").toEqual([]);
        for (const number of whole) seen.add(number);
        await page.clock.runFor(6_000);
      }
      expect(seen.size).toBe(READY);
    } finally {
      kitchen.close();
    }
  });
}

test("C12: a new call takes the whole screen for a moment, and what was ready before does not", async ({ comanda, people }) => {
  const [early, late] = [await place(comanda, { name: "Ana Souza" }), await place(comanda, { name: "Bia" })];
  await advance(comanda, early, OrderState.READY);
  const panel = await people.panel();
  const ready = panel.getByRole("region", { name: "Pronto" });
  await expect(ready.getByRole("listitem")).toHaveText(`${early.number}Ana`);
  await expect(panel.locator(".call")).toHaveCount(0);

  await advance(comanda, late, OrderState.READY);
  const call = panel.locator(".call");
  await expect(call).toContainText(`${late.number}`);
  await expect(call).toHaveCSS("position", "fixed");
  await expect(panel.getByRole("status").filter({ hasText: `Pronto: ${late.number} Bia.` })).toHaveCount(1);
  await examine(panel, "panel-call", "tablet");
  await expect(call, "it goes by itself").toHaveCount(0);
  await expect(ready.getByRole("listitem").first()).toHaveText(`${late.number}Bia`);
  const size = await ready.locator("b").first().evaluate((number) => parseFloat(getComputedStyle(number).fontSize));
  expect(size).toBeGreaterThanOrEqual(96);
  await examine(panel, "panel-few", "tablet");
});

test("C12: who is called while another call is on the screen is called, too", async ({ comanda, people }) => {
  const preparing = [0, 1].map(() => ticketOf({ state: OrderState.PREPARING, acceptTime: timestampFromMs(NOON) }));
  const kitchen = new SetKitchen([...preparing], NOON);
  try {
    const panel = await people.device({ viewport: TABLET });
    await kitchen.serve(panel);
    await panel.goto(`/painel#${comanda.panelToken}`);
    await expect(panel.getByRole("region", { name: "Em preparo" }).getByRole("listitem")).toHaveCount(2);
    // No call ends unless the test says so.
    await panel.clock.install();
    await panel.clock.pauseAt(Date.now() + 1_000);
    const called = panel.locator(".call b");
    const numbers = preparing.map(({ number }) => `${number}`);
    for (const [at, one] of preparing.entries()) {
      kitchen.upsert({ ...one, revision: 2n, state: OrderState.READY, updateTime: timestampFromMs(NOON + at) });
      await expect(called).toHaveText(numbers.slice(0, at + 1));
    }
  } finally {
    kitchen.close();
  }
});

test("a panel without orders shows shop and time", async ({ people }) => {
  const panel = await people.panel();
  await expect(panel.getByRole("heading", { level: 1 })).not.toBeEmpty();
  await expect(panel.getByText("Nenhum pedido agora")).toBeVisible();
  await expect(panel.locator(".panel-idle time")).toHaveText(/^\d\d:\d\d$/);
  await expect(panel.getByRole("img"), "no phone can open this machine's own address").toHaveCount(0);
  await examine(panel, "panel-idle", "tablet");
});

test.describe("in the shop's network", () => {
  test.use({ network: true });

  test("a panel without orders shows where to order", async ({ comanda, people }) => {
    const panel = await people.open(`/painel#${comanda.panelToken}`, { viewport: TABLET });
    await expect(panel.getByRole("img", { name: "Peça pelo celular" })).toBeVisible();
    await examine(panel, "panel-idle-network", "tablet");
  });
});
