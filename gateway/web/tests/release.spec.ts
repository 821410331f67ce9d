// While one release replaces another, and after: no page stays blank, none is taken from under a finger.

import type { Page } from "@playwright/test";
import { column, ticket } from "./support/board.ts";
import { orderOnPage } from "./support/orders.ts";
import { expect, isSameDocument, markDocument, test as base } from "./support/test.ts";
import { TwoReleases } from "./support/two_releases.ts";

const test = base.extend<{ releases: TwoReleases }>({
  releases: async ({ comanda }, use) => {
    const releases = await TwoReleases.before(comanda);
    await use(releases);
    releases.stop();
  },
});

const offer = (page: Page) => page.getByText("Há uma versão nova desta página.");

/** As if the minute was over. */
const look = (page: Page) => page.evaluate(() => dispatchEvent(new Event("online")));

const releaseOf = (page: Page) => page.locator('meta[name="comanda-release"]').getAttribute("content");

test("a page whose files another gateway does not know is asked for again", async ({ people, releases }) => {
  releases.pages = "other";
  releases.hasOtherFiles = false;
  people.expectsMissingFiles();
  const page = await people.device({});
  // The next page comes from the gateway that has its files.
  page.on("response", (response) => response.status() === 404 && (releases.pages = "this"));
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "Cafés", exact: true })).toBeVisible();
});

test("files that stay away are said, and tried again when asked", async ({ people, releases }) => {
  releases.pages = "other";
  releases.hasOtherFiles = false;
  people.expectsMissingFiles();
  const page = await people.device({});
  await page.addInitScript(() => sessionStorage.setItem("comanda.boot_tries", "5"));
  await page.goto("/barista");
  await expect(page.getByText("Esta página está sendo atualizada.")).toBeVisible();
  releases.hasOtherFiles = true;
  await page.getByRole("button", { name: "Tentar de novo" }).tap();
  await expect(page.getByRole("textbox")).toBeVisible();
});

test("S8: a new release is offered and waits; what was tapped is done", async ({ people, releases }) => {
  const board = await people.barista();
  const customer = await people.customer();
  const number = await orderOnPage(customer, "Ana");
  await markDocument(board);
  // While a finger is near nothing comes that would push the cards down.
  await board.clock.install();
  await board.clock.pauseAt(Date.now() + 1_000);
  releases.pages = "other";
  const told = board.waitForResponse(/release\.txt$/);
  await look(board);
  await told;
  for (let taps = 0; taps < 4; taps++) {
    await board.mouse.move(600, 600 + taps);
    await board.clock.runFor(2_500);
    await expect(offer(board)).toHaveCount(0);
  }
  await expect(async () => {
    await board.clock.runFor(3_000);
    await expect(offer(board)).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await board.clock.resume();
  // It takes room of its own: nothing lies below it, and the board ends where the screen does.
  expect(await board.evaluate(() => document.documentElement.scrollHeight - innerHeight)).toBeLessThanOrEqual(0);
  await ticket(column(board, "Recebido"), number).getByRole("button", { name: "Iniciar" }).tap();
  await expect(customer.locator("[aria-current='step']")).toHaveText("Em preparo");
  expect(await isSameDocument(board)).toBe(true);
  await board.getByRole("button", { name: "Atualizar" }).tap();
  await expect.poll(() => releaseOf(board)).toBe("feedfacefeedface");
  await expect(ticket(column(board, "Em preparo"), number)).toBeVisible();
});

test("a panel that nobody touches follows by itself, once", async ({ people, releases }) => {
  const panel = await people.panel();
  const first = await releaseOf(panel);
  releases.pages = "other";
  await look(panel);
  await expect.poll(() => releaseOf(panel)).toBe("feedfacefeedface");
  // A gateway of the release before is no news.
  await markDocument(panel);
  releases.pages = "this";
  const answered = panel.waitForResponse(/release\.txt$/);
  await look(panel);
  expect(await (await answered).text()).toBe(first);
  await panel.evaluate(() => new Promise(requestAnimationFrame));
  expect(await isSameDocument(panel)).toBe(true);
});

test.describe("with a service worker", () => {
  test.use({ serviceWorkers: "allow" });

  test("a new release is kept, and takes over when asked", async ({ people, releases }) => {
    const board = await people.barista();
    await board.evaluate(() => navigator.serviceWorker.ready);
    await board.reload();
    await expect.poll(() => board.evaluate(() => navigator.serviceWorker.controller?.state)).toBe("activated");
    releases.pages = "other";
    await look(board);
    await expect(offer(board)).toBeVisible();
    await markDocument(board);
    await board.getByRole("button", { name: "Atualizar" }).tap();
    await expect.poll(() => releaseOf(board)).toBe("feedfacefeedface");
  });
});
