// A morning in which everything goes wrong: five hundred open tickets.

import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { OrderState } from "../src/gen/comanda/type/v1/order_state_pb.ts";
import { ticket } from "./support/board.ts";
import { SetKitchen, ticketOf } from "./support/grpc_web.ts";
import { expect, TABLET, test } from "./support/test.ts";

const TICKETS = 500;
/** Elements of a page that shows a few screens of cards. */
const MOST_ELEMENTS = 2_500;

test("B20: of five hundred tickets only those near the screen are in the page, and all can be reached", async ({ comanda, people }) => {
  const acceptTime = timestampFromMs(Date.now());
  const tickets = Array.from({ length: TICKETS }, (_, n) =>
    ticketOf({
      state: OrderState.RECEIVED,
      acceptTime,
      lines: Array.from({ length: 1 + (n % 4) }, (_, index) => ({ index, name: `Produto ${index}`, quantity: 1, options: n % 3 ? [] : ["Grande"] })),
    }),
  );
  const kitchen = new SetKitchen(tickets, Date.now());
  try {
    const page = await people.device({ viewport: TABLET });
    await kitchen.serve(page);
    await page.goto(`/barista#${comanda.staffToken}`);
    await expect(page.locator(".counter.state-1 .count")).toHaveText(`${TICKETS}`);
    const elements = () => page.locator("*").count();
    expect(await elements()).toBeLessThan(MOST_ELEMENTS);
    const [first, last] = [tickets[0]!, tickets.at(-1)!].map(({ number }) => `${number}`) as [string, string];
    await expect(ticket(page, first)).toBeVisible();
    await expect(ticket(page, last)).toHaveCount(0);
    const flow = page.locator(".flow");
    await expect(async () => {
      await flow.evaluate((one) => one.scrollTo({ top: one.scrollHeight, behavior: "instant" }));
      await expect(ticket(page, last)).toBeVisible({ timeout: 500 });
    }).toPass();
    await expect(ticket(page, first)).toHaveCount(0);
    expect(await elements()).toBeLessThan(MOST_ELEMENTS);
    // No card covers another.
    const covered = await page.locator(".place").evaluateAll((places) => {
      const boxes = places.map((place) => place.getBoundingClientRect());
      return boxes.filter((a, at) => boxes.some((b, other) => other > at && a.left === b.left && a.top < b.bottom && b.top < a.bottom)).length;
    });
    expect(covered).toBe(0);
  } finally {
    kitchen.close();
  }
});
