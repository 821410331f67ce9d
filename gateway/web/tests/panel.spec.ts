// Everybody whose order is ready finds the number on the panel, however small the screen and however many wait.

import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { OrderState } from "../src/gen/comanda/type/v1/order_state_pb.ts";
import { examine } from "./support/examine.ts";
import { SetKitchen, ticketOf } from "./support/grpc_web.ts";
import { expect, test } from "./support/test.ts";

const NOON = Date.parse("2026-03-02T12:00:00Z");
const READY = 40;

const SCREENS = [
  { width: 390, height: 844 },
  { width: 640, height: 360 },
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
];

for (const viewport of SCREENS) {
  test(`all ready orders come by on a panel of ${viewport.width} × ${viewport.height}`, async ({ comanda, people }) => {
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
