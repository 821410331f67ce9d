// Several screens in one browser over HTTP/1.1, where it gives an address six connections: one screen reads the stream
// for all, any of them may close or freeze, and none says that it is live when it is not.

import type { Page } from "@playwright/test";
import { column, pill, ticket } from "./support/board.ts";
import { place } from "./support/orders.ts";
import { expect, PHONE, test, type People } from "./support/test.ts";
import type { Comanda } from "./support/comanda.ts";

const SCREENS = 6;

/** Boards of one browser, the first of which leads, and how often any of them asked for a stream. */
async function openBoards(comanda: Comanda, people: People) {
  const first = await people.device({});
  const streams: string[] = [];
  first.context().on("request", (request) => {
    const method = request.url().split("/").at(-1)!;
    if (request.method() === "POST" && method.startsWith("Watch")) streams.push(method);
  });
  const boards = [first];
  while (boards.length < SCREENS) boards.push(await first.context().newPage());
  for (const board of boards) {
    await board.goto(`/barista#${comanda.staffToken}`);
    await expect(pill(board)).toHaveText("Ao vivo");
  }
  return { boards, streams };
}

async function allShow(boards: Page[], comanda: Comanda, name: string): Promise<string> {
  const { number } = await place(comanda, { name });
  for (const board of boards) await expect(ticket(column(board, "Recebido"), number)).toContainText(name);
  return number;
}

async function shareOneStream(comanda: Comanda, people: People): Promise<void> {
  const { boards, streams } = await openBoards(comanda, people);
  expect(streams.toSorted()).toEqual(["WatchMenu", "WatchTickets"]);
  for (const [at, board] of boards.entries()) {
    const number = await allShow(boards, comanda, `Ana ${at}`);
    await ticket(board, number).getByRole("button", { name: "Iniciar" }).tap();
    for (const other of boards) await expect(ticket(column(other, "Em preparo"), number)).toBeVisible();
  }
  for (const board of boards) await expect(pill(board)).toHaveText("Ao vivo");

  // Each takes over in its turn.
  while (boards.length > 1) {
    await boards.shift()!.close();
    await allShow(boards, comanda, `Bia ${boards.length}`);
    for (const board of boards) await expect(pill(board)).toHaveText("Ao vivo");
  }
  const reads = streams.filter((method) => method === "WatchTickets").length;
  expect(reads, "one more at most for each screen that closed").toBeLessThanOrEqual(SCREENS);
}

test("S9: six boards in one browser share one stream, and a tap works in each", async ({ comanda, people }) => {
  await shareOneStream(comanda, people);
});

test.describe("by plain http over a network, where browsers have no Web Locks", () => {
  test.use({ network: true });

  test("S9: six boards in one browser share one stream, and a tap works in each", async ({ comanda, people }) => {
    const page = await people.customer();
    expect(await page.evaluate(() => isSecureContext || "locks" in navigator)).toBe(false);
    await shareOneStream(comanda, people);
  });
});

test("no screen says it is live while the shop is away, and all come back", async ({ comanda, people }) => {
  const { boards } = await openBoards(comanda, people);
  await comanda.kill();
  for (const board of boards) await expect(pill(board)).toHaveText(/Reconectando|Sem conexão desde/);
  await comanda.open();
  for (const board of boards) await expect(pill(board)).toHaveText("Ao vivo");
  await allShow(boards, comanda, "Ana");
});

test("a screen that hangs loses its lead, and the others never take its silence for news", async ({ comanda, people }) => {
  const { boards } = await openBoards(comanda, people);
  const [leader, ...others] = boards as [Page, ...Page[]];
  const debug = await leader.context().newCDPSession(leader);
  await debug.send("Debugger.enable");
  const hangs = new Promise((resolve) => debug.once("Debugger.paused", resolve));
  await debug.send("Debugger.pause");
  await hangs;
  await Promise.all(others.map((board) => expect(pill(board)).not.toHaveText("Ao vivo")));
  for (const board of others) await expect(pill(board)).toHaveText("Ao vivo");
  const number = await allShow(others, comanda, "Ana");
  await debug.send("Debugger.resume");
  await expect(ticket(leader, number)).toBeVisible();
  await expect(pill(leader)).toHaveText("Ao vivo");
  await allShow(boards, comanda, "Bia");
});

test("a call that no connection carries is given up", async ({ comanda, people }) => {
  const { number } = await place(comanda);
  const board = await people.barista();
  await expect(ticket(board, number)).toBeVisible();
  let asked = 0;
  // Never answered, as where every connection is taken.
  await board.route("**/StartTicket", () => void asked++);
  await board.clock.install();
  await ticket(board, number).getByRole("button", { name: "Iniciar" }).tap();
  await expect.poll(() => asked).toBe(1);
  await board.clock.runFor(30_000);
  await expect.poll(() => asked, "the first was given up, so it is asked again").toBeGreaterThan(1);
});

test("seven phones' tabs of one menu ask for it once", async ({ people }) => {
  const first = await people.device({ viewport: PHONE, isMobile: true });
  let streams = 0;
  first.context().on("request", (request) => (streams += Number(request.url().endsWith("/WatchMenu"))));
  const tabs = [first];
  while (tabs.length < 7) tabs.push(await first.context().newPage());
  for (const tab of tabs) {
    await tab.goto("/");
    await expect(tab.getByRole("heading", { name: "Cafés", exact: true })).toBeVisible();
  }
  expect(streams).toBe(1);
});
