// By TLS browsers speak HTTP/2: all pages of a device share one connection, and as many as it likes may stay live. Over
// HTTP/1.1 a browser gives one address six connections, and the seventh live page would wait for ever.

import { column, pill, ticket } from "./support/board.ts";
import { orderOnPage } from "./support/orders.ts";
import { expect, test } from "./support/test.ts";

test.use({ encrypted: true });

const PAGES = 9;

test("nine live pages of one device follow an order over one connection", async ({ comanda, people }) => {
  expect(comanda.origin).toMatch(/^https:/);
  const device = { ignoreHTTPSErrors: true };
  const customer = await people.customer("/", device);
  const number = await orderOnPage(customer, "Ana");
  const barista = await people.barista(device);
  const boards = [barista];
  while (boards.length < PAGES) {
    const page = await barista.context().newPage();
    await page.goto(`/barista#${comanda.staffToken}`);
    boards.push(page);
  }
  for (const page of boards) {
    await expect(pill(page)).toHaveText("Ao vivo");
    await expect(ticket(column(page, "Recebido"), number)).toBeVisible();
    const protocols = await page.evaluate(() =>
      [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")].map(
        (entry) => (entry as PerformanceResourceTiming).nextHopProtocol,
      ),
    );
    expect(new Set(protocols.filter(Boolean)), "nothing came over HTTP/1.1").toEqual(new Set(["h2"]));
  }

  await ticket(column(barista, "Recebido"), number).getByRole("button", { name: "Iniciar" }).tap();
  for (const page of boards) await expect(ticket(column(page, "Em preparo"), number)).toBeVisible();
  await expect(customer.locator("[aria-current='step']")).toHaveText("Em preparo");
});
