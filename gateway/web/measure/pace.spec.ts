// How long people wait for what they look at: the first product on a slow phone, an order on two tablets, and what five
// hundred tickets cost a tablet that has been on all day.

import { OrderState } from "../src/gen/comanda/type/v1/order_state_pb.ts";
import { SetKitchen, ticketOf } from "../tests/support/grpc_web.ts";
import { place } from "../tests/support/orders.ts";
import { expect, PHONE, TABLET, test } from "../tests/support/test.ts";
import { busy, watchTasks } from "./tasks.ts";

/** What browsers call fast 3G. */
const FAST_3G = { offline: false, latency: 562, downloadThroughput: 180_000, uploadThroughput: 84_000 };
const ORDERS = 10;
const TICKETS = 500;

for (const encrypted of [false, true]) {
  test.describe(() => {
    test.use({ encrypted });

    test(`a phone with a processor 4× slower, on fast 3G, ${encrypted ? "by TLS and HTTP/2" : "by HTTP/1.1"}`, async ({ people }) => {
      const page = await people.device({ viewport: PHONE, isMobile: true, ignoreHTTPSErrors: encrypted });
      const debug = await page.context().newCDPSession(page);
      await debug.send("Network.enable");
      await debug.send("Network.emulateNetworkConditions", FAST_3G);
      await debug.send("Emulation.setCPUThrottlingRate", { rate: 4 });
      await page.addInitScript(watchTasks, ".menu section .product");
      await page.goto("/");
      const shown = await page.waitForFunction(() => Reflect.get(globalThis, "firstShown") as number | undefined);
      console.log(`first product shown ${Math.round((await shown.jsonValue())!)} ms after navigation, nothing kept from before`);
      await busy(page);
      const answered = await page.getByRole("button", { name: /^Cappuccino/ }).evaluate(async (button: HTMLElement) => {
        const start = performance.now();
        button.click();
        await new Promise<void>((seen) => {
          const look = () => (document.querySelector("dialog[open]") ? seen() : requestAnimationFrame(look));
          look();
        });
        return performance.now() - start;
      });
      console.log(`a product opened ${Math.round(answered)} ms after the tap; longest task ${await busy(page)} ms`);
    });
  });
}

test("an order reaches two tablets", async ({ comanda, people }) => {
  const tablets = [await people.barista(), await people.barista()];
  for (const tablet of tablets) await expect(tablet.getByText("Nenhum pedido na fila")).toBeVisible();
  const waits: number[] = [];
  for (let n = 1; n <= ORDERS; n++) {
    const seen = tablets.map((tablet) =>
      tablet.waitForFunction((count) => document.querySelectorAll("[role='article'], article").length >= count && Date.now(), n, { polling: "raf" }),
    );
    const start = Date.now();
    await place(comanda);
    waits.push(Math.max(...(await Promise.all(seen.map(async (at) => Number(await (await at).jsonValue()))))) - start);
  }
  waits.sort((a, b) => a - b);
  console.log(`from the request to the later of two boards, ms: median ${waits[ORDERS / 2]}, longest ${waits.at(-1)} of ${ORDERS}`);
});

test("five hundred tickets pass over a board", async ({ comanda, people }) => {
  const kitchen = new SetKitchen([], Date.now());
  try {
    const page = await people.device({ viewport: TABLET });
    const debug = await page.context().newCDPSession(page);
    const heap = async () => {
      await debug.send("HeapProfiler.collectGarbage");
      return ((await debug.send("Runtime.getHeapUsage")).usedSize / 2 ** 20);
    };
    await page.addInitScript(watchTasks, ".station");
    await kitchen.serve(page);
    await page.goto(`/barista#${comanda.staffToken}`);
    await expect(page.getByText("Nenhum pedido na fila")).toBeVisible();
    const [before] = [await heap(), await busy(page)];
    for (let n = 1; n <= TICKETS; n++) kitchen.upsert(ticketOf({ state: OrderState.RECEIVED, lines: [{ index: 0, name: "Latte", quantity: 2 }] }));
    await expect(page.locator(".counter.state-1 .count")).toHaveText(`${TICKETS}`);
    console.log(
      `heap ${before.toFixed(1)} → ${(await heap()).toFixed(1)} MiB with ${TICKETS} open tickets; longest task ${await busy(page)} ms; ` +
        `${await page.locator("*").count()} elements`,
    );
  } finally {
    kitchen.close();
  }
});
