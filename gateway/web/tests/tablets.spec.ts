// Two tablets show one board, whoever taps first.

import { column, pill, shownBoard, ticket } from "./support/board.ts";
import { holdBack } from "./support/hold_back.ts";
import { place } from "./support/orders.ts";
import { expect, TABLET, TABLET_UPRIGHT, test } from "./support/test.ts";

test("B14: two tablets agree", async ({ comanda, people }) => {
  const [left, right] = await Promise.all([people.barista(), people.barista({ viewport: TABLET_UPRIGHT })]);
  for (const tablet of [left, right]) await expect(pill(tablet)).toHaveText("Ao vivo");
  let again = 0;
  for (const tablet of [left, right]) {
    tablet.on("request", (request) => (again += Number(request.url().endsWith("/WatchTickets"))));
  }
  const numbers: string[] = [];
  for (const name of ["Ana", "Bia", "Caio"]) numbers.push((await place(comanda, { name })).number);
  const [first, second, third] = numbers as [string, string, string];
  await ticket(column(left, "Recebido"), first).getByRole("button", { name: "Iniciar" }).tap();
  await ticket(column(right, "Recebido"), second).getByRole("button", { name: "Iniciar" }).tap();
  await ticket(column(right, "Em preparo"), first).getByRole("button", { name: "Pronto" }).tap();
  const board = [[`${third} Caio`], [`${second} Bia`], [`${first} Ana`]];
  for (const tablet of [left, right]) await expect.poll(() => shownBoard(tablet)).toEqual(board);
  for (const tablet of [left, right]) await expect(pill(tablet)).toHaveText("Ao vivo");
  expect(again, "by news, not by watching again").toBe(0);
});

test("B14: who taps second is told, and both boards stay the same", async ({ comanda, people }) => {
  const { number } = await place(comanda);
  const [first, second] = await Promise.all([people.barista(), people.barista()]);
  const letGo = await holdBack(second, "StartTicket");
  await ticket(second, number).getByRole("button", { name: "Iniciar" }).tap();
  await expect(ticket(column(second, "Em preparo"), number), "at once").toContainText("pendente");
  await ticket(first, number).getByRole("button", { name: "Iniciar" }).tap();
  await expect(ticket(column(first, "Em preparo"), number)).toHaveAttribute("aria-busy", "false");
  letGo();
  await expect(second.locator(".toast-problem")).toContainText(`Pedido ${number}:`);
  for (const tablet of [first, second]) await expect.poll(() => shownBoard(tablet)).toEqual([[], [`${number} Ana`], []]);
});

test("B13: a tablet that was cut off has every ticket of meanwhile, once", async ({ comanda, people }) => {
  const page = await people.device({ viewport: TABLET });
  await page.clock.install();
  await page.goto(`/barista#${comanda.staffToken}`);
  await expect(pill(page)).toHaveText("Ao vivo");
  await page.route("**/comanda.*/*", (route) => route.abort("connectionrefused"));
  await comanda.kill();
  await comanda.open();
  await expect(pill(page)).not.toHaveText("Ao vivo");
  const numbers: string[] = [];
  for (const name of ["Ana", "Bia", "Caio", "Dora", "Eva"]) numbers.push((await place(comanda, { name })).number);
  await expect(page.getByRole("article")).toHaveCount(0);
  await page.unroute("**/comanda.*/*");
  // Nobody touches it, and nothing tells it: it tries again by itself, after a quarter of a minute at most.
  await expect(async () => {
    await page.clock.fastForward(15_000);
    await expect(page.getByRole("article")).toHaveCount(5, { timeout: 2_000 });
  }).toPass();
  for (const number of numbers) await expect(ticket(page, number)).toHaveCount(1);
  await expect(pill(page)).toHaveText("Ao vivo");
});

test("B6: a double tap is one step", async ({ comanda, people }) => {
  const { number } = await place(comanda);
  const barista = await people.barista();
  const steps: string[] = [];
  barista.on("request", (request) => {
    const step = /KitchenService\/((?!Watch)\w+)$/.exec(request.url())?.[1];
    if (step) steps.push(step);
  });
  await ticket(barista, number).getByRole("button", { name: "Iniciar" }).dblclick();
  await expect(ticket(column(barista, "Em preparo"), number)).toBeVisible();
  await expect(barista.getByRole("button", { name: "Desfazer" })).toHaveCount(1);
  // A second step would have left by now: steps go one after the other, and this one has been answered.
  await expect(ticket(barista, number)).toHaveAttribute("aria-busy", "false");
  await expect(barista.getByRole("button", { name: /^Pronto/ })).toBeEnabled();
  expect(steps).toEqual(["StartTicket"]);
});
