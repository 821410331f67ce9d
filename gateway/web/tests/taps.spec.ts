// What happens to a tap: it shows at once, is undone where the card was, moves nothing under a finger, and waits for a
// connection if it has to.

import { fromBinary } from "@bufbuild/protobuf";
import type { Locator, Page } from "@playwright/test";
import { StartTicketRequestSchema } from "../src/gen/comanda/kitchen/v1/kitchen_service_pb.ts";
import { choose, column, lane, layOut, pill, shownBoard, ticket } from "./support/board.ts";
import { examine } from "./support/examine.ts";
import { holdBack } from "./support/hold_back.ts";
import { place, type Placed } from "./support/orders.ts";
import { expect, test } from "./support/test.ts";
import type { Comanda } from "./support/comanda.ts";

const STEPS = /KitchenService\/(StartTicket|MarkReady|MarkCollected|RevertTicket)$/;

async function placeAll(comanda: Comanda, ...names: string[]): Promise<Placed[]> {
  const placed = [];
  for (const name of names) placed.push(await place(comanda, { name }));
  return placed;
}

const button = (card: Locator, name: string) => card.getByRole("button", { name });
const start = (page: Page, { number }: Placed) => button(ticket(column(page, "Recebido"), number), "Iniciar").tap();

/** Steps as they leave the tablet: the method, the order and the request_id. */
function stepsOf(page: Page): { method: string; orderId: string; requestId: string }[] {
  const sent: { method: string; orderId: string; requestId: string }[] = [];
  page.on("request", (request) => {
    const method = STEPS.exec(request.url())?.[1];
    if (!method) return;
    // All steps begin with the same three fields.
    const { orderId, requestId } = fromBinary(StartTicketRequestSchema, request.postDataBuffer()!.subarray(5));
    sent.push({ method, orderId, requestId });
  });
  return sent;
}

test("B2, B5, B7: a tapped card moves before the shop has answered, and undo waits in its place", async ({ comanda, people }) => {
  const [ana, bia] = (await placeAll(comanda, "Ana", "Bia")) as [Placed, Placed];
  const page = await people.barista();
  const letGo = await holdBack(page, "StartTicket");
  await expect(pill(page)).toHaveText("Ao vivo");
  await layOut(page, "Em colunas");
  await expect(ticket(page, bia.number)).toBeVisible();
  const before = await ticket(page, ana.number).boundingBox();
  const neighbour = await ticket(page, bia.number).boundingBox();
  await start(page, ana);
  const moved = ticket(column(page, "Em preparo"), ana.number);
  await expect(moved).toContainText("pendente");
  await expect(moved).toHaveAttribute("aria-busy", "true");
  const left = page.locator(".undo-place");
  await expect(left).toContainText(`Pedido ${ana.number}: Em preparo`);
  await expect(button(left, `Desfazer pedido ${ana.number}`)).toBeEnabled();
  expect(await left.boundingBox()).toEqual(before);
  expect(await ticket(page, bia.number).boundingBox()).toEqual(neighbour);
  await expect(lane(page, "Recebido").locator(".count"), "what is left of a card is none").toHaveText("1");
  await examine(page, "board-undo", "tablet");

  letGo();
  await expect(moved).not.toContainText("pendente");
  // A second ticket has its own undo, and each undoes its own.
  await start(page, bia);
  await button(left, `Desfazer pedido ${ana.number}`).tap();
  await expect(ticket(column(page, "Recebido"), ana.number)).toBeVisible();
  await expect(ticket(column(page, "Em preparo"), bia.number)).toBeVisible();
});

test("B5, B7: in one flow a card stays, looks as it will be, and carries its undo", async ({ comanda, people }) => {
  const [ana, bia] = (await placeAll(comanda, "Ana", "Bia")) as [Placed, Placed];
  const page = await people.barista();
  const letGo = await holdBack(page, "StartTicket");
  const card = ticket(page, ana.number);
  await expect(pill(page)).toHaveText("Ao vivo");
  const before = await card.boundingBox();
  await start(page, ana);
  await expect(ticket(column(page, "Em preparo"), ana.number), "while the reply is held back").toContainText("pendente");
  expect(await card.boundingBox()).toEqual(before);
  await button(card, `Desfazer pedido ${ana.number}`).focus();
  letGo();
  await expect(card).not.toContainText("pendente");
  await page.clock.install();
  for (const name of ["Pronto", "Entregar"]) await button(card, name).tap();
  const left = page.locator(".undo-place");
  await expect(left).toContainText(`Pedido ${ana.number}: Entregue`);
  expect(await left.boundingBox()).toEqual(before);
  // Time passes, but not for whoever has the focus on it.
  await expect(button(left, "Desfazer")).toBeEnabled();
  await button(left, "Desfazer").focus();
  await page.clock.runFor(20_000);
  await button(left, "Desfazer").tap();
  await expect(ticket(column(page, "Pronto"), ana.number)).toBeVisible();
  await expect(ticket(column(page, "Recebido"), bia.number)).toBeVisible();
});

test("B7: undo stands for eight seconds, and then goes", async ({ comanda, people }) => {
  const [ana] = (await placeAll(comanda, "Ana")) as [Placed];
  const page = await people.barista();
  await layOut(page, "Em colunas");
  // Time stands still from here on, but for what the test lets pass.
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 1_000);
  await start(page, ana);
  await expect(ticket(column(page, "Em preparo"), ana.number)).toHaveAttribute("aria-busy", "false");
  const left = page.locator(".undo-place");
  await page.clock.runFor(7_500);
  await expect(left).toBeVisible();
  await page.clock.runFor(1_000);
  await expect(left).toHaveCount(0);
});

test("B5: what is refused goes back, and says why", async ({ comanda, people }) => {
  const [ana] = (await placeAll(comanda, "Ana")) as [Placed];
  const [page, customer] = await Promise.all([people.barista(), people.customer(ana.path)]);
  const letGo = await holdBack(page, "StartTicket");
  await start(page, ana);
  await expect(ticket(column(page, "Em preparo"), ana.number)).toContainText("pendente");
  await customer.getByRole("button", { name: "Cancelar pedido" }).tap();
  await customer.getByRole("button", { name: "Sim, cancelar" }).tap();
  await expect(customer.getByText("Este pedido foi cancelado.")).toBeVisible();
  letGo();
  await expect(page.locator(".toast-problem")).toContainText(`Pedido ${ana.number}: Outra pessoa mexeu nesta comanda antes.`);
  await expect(ticket(column(page, "Em preparo"), ana.number)).toHaveCount(0);
  await expect(ticket(page, ana.number)).toContainText("Cancelado");
  await expect(ticket(page, ana.number)).not.toContainText("pendente");
});

test("nothing moves under a finger, whatever others do meanwhile", async ({ comanda, people }) => {
  const [ana, bia, caio] = (await placeAll(comanda, "Ana", "Bia", "Caio")) as [Placed, Placed, Placed];
  const [page, other] = await Promise.all([people.barista(), people.barista()]);
  await layOut(page, "Em colunas");
  await expect(ticket(page, caio.number)).toBeVisible();
  await expect(pill(page)).toHaveText("Ao vivo");
  // Time stands still from here on, but for what the test lets pass.
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 1_000);
  const below = await ticket(page, caio.number).boundingBox();
  await start(page, ana);
  await start(other, bia);
  await expect(ticket(column(page, "Em preparo"), bia.number)).toBeVisible();
  expect(await ticket(page, caio.number).boundingBox(), "the place of a card that left stays empty").toEqual(below);
  // A second tap at the same place is none.
  const sent = stepsOf(page);
  await expect(page.getByRole("button", { name: "Desfazer" })).toBeDisabled();
  await page.clock.runFor(600);
  await expect(page.getByRole("button", { name: "Desfazer" })).toBeEnabled();
  await expect.poll(async () => (await ticket(page, caio.number).boundingBox())!.y).toBeLessThan(below!.y);
  expect(sent).toEqual([]);
});

test("what waits can be undone after a reload, too", async ({ comanda, people }) => {
  const [ana] = (await placeAll(comanda, "Ana")) as [Placed];
  const page = await people.barista();
  await expect(pill(page)).toHaveText("Ao vivo");
  await page.route("**/StartTicket", (route) => route.abort("connectionrefused"));
  await start(page, ana);
  await expect(ticket(column(page, "Em preparo"), ana.number)).toContainText("pendente");
  await page.reload();
  await expect(ticket(column(page, "Em preparo"), ana.number)).toContainText("pendente");
  await button(ticket(page, ana.number), `Desfazer pedido ${ana.number}`).tap();
  await page.unroute("**/StartTicket");
  await expect(ticket(column(page, "Recebido"), ana.number)).not.toContainText("pendente");
});

test("a banner that comes waits for the finger, and moves no card", async ({ comanda, people }) => {
  const [ana] = (await placeAll(comanda, "Ana")) as [Placed];
  const [page, other] = await Promise.all([people.barista(), people.barista()]);
  await expect(pill(page)).toHaveText("Ao vivo");
  const before = await ticket(page, ana.number).boundingBox();
  await page.locator("main").dispatchEvent("pointerdown");
  await choose(other, "Pausar");
  await other.getByRole("button", { name: "Pausar agora" }).tap();
  await expect(other.locator(".pause-banner")).toBeVisible();
  // A later beat has been heard, and so has the menu.
  const { number } = await place(comanda).catch(() => ana);
  await expect(ticket(page, number)).toBeVisible();
  await expect(page.locator(".pause-banner")).toBeHidden();
  await page.locator("main").dispatchEvent("pointerup");
  await expect(page.locator(".pause-banner")).toBeVisible();
  expect(await ticket(page, ana.number).boundingBox()).toEqual(before);
});

test("S10: a refusal is said in plain words, with the code of its trace to copy", async ({ comanda, people }) => {
  const [ana] = (await placeAll(comanda, "Ana")) as [Placed];
  const [page, other] = await Promise.all([people.barista({ permissions: ["clipboard-read", "clipboard-write"] }), people.barista()]);
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  let trace = "";
  await page.route("**/StartTicket", async (route) => {
    trace = route.request().headers()["traceparent"]!.split("-")[1]!;
    await held;
    await route.continue();
  });
  await start(page, ana);
  await start(other, ana);
  await expect(ticket(column(other, "Em preparo"), ana.number)).not.toContainText("pendente");
  letGo();
  const problem = page.locator(".toast-problem");
  await expect(problem).toContainText(new RegExp(`Pedido ${ana.number}: .*já iniciou\\.`));
  const code = button(problem, `Código ${trace.slice(0, 8)}`);
  await code.tap();
  await expect(button(problem, "Copiado")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(trace);
  await expect(code, "the words come back").toBeVisible();
});

test("messages take room of their own and cover nothing", async ({ comanda, people }) => {
  const [ana] = (await placeAll(comanda, "Ana", "Bia", "Caio", "Dora", "Eva")) as [Placed];
  const [page, other] = await Promise.all([people.barista(), people.barista()]);
  const letGo = await holdBack(page, "StartTicket");
  await start(page, ana);
  await start(other, ana);
  await expect(ticket(column(other, "Em preparo"), ana.number)).not.toContainText("pendente");
  letGo();
  const problem = page.locator(".toast-problem");
  await expect(problem).toBeVisible();
  const [message, board] = [await problem.boundingBox(), await page.locator("main").boundingBox()];
  expect(message!.y).toBeGreaterThanOrEqual(board!.y + board!.height);
  await button(problem, "Dispensar").tap();
  await expect(problem).toBeHidden();
});

test("B12: taps without a connection wait, also across a reload, and go in order", async ({ comanda, people }) => {
  const [ana, bia, caio] = (await placeAll(comanda, "Ana", "Bia", "Caio")) as [Placed, Placed, Placed];
  const page = await people.barista();
  await expect(ticket(page, caio.number)).toBeVisible();
  const sent = stepsOf(page);
  // Its pages come, but none of its answers.
  await page.route("**/comanda.*/*", (route) => route.abort("connectionrefused"));
  await comanda.kill();
  await comanda.open();
  await expect(pill(page)).not.toHaveText("Ao vivo");
  await start(page, bia);
  await start(page, ana);
  await start(page, caio);
  await button(ticket(column(page, "Em preparo"), bia.number), "Pronto").tap();
  await expect(ticket(column(page, "Pronto"), bia.number)).toContainText("pendente");
  await expect(page.getByText("4 toques pendentes")).toBeVisible();
  await examine(page, "board-pending", "tablet");
  await button(ticket(page, caio.number), "Desfazer").tap();
  await expect(ticket(column(page, "Recebido"), caio.number)).not.toContainText("pendente");
  expect(sent, "nobody could have heard them").toEqual([]);

  await page.reload();
  await page.unroute("**/comanda.*/*");
  await expect(pill(page)).toHaveText("Ao vivo");
  const board = [[`${caio.number} Caio`], [`${ana.number} Ana`], [`${bia.number} Bia`]];
  await expect.poll(() => shownBoard(page)).toEqual(board);
  await expect(page.getByText("pendente")).toHaveCount(0);
  expect(sent.map(({ method, orderId }) => [method, orderId])).toEqual([
    ["StartTicket", bia.id],
    ["StartTicket", ana.id],
    ["MarkReady", bia.id],
  ]);
  const other = await people.barista();
  await expect.poll(() => shownBoard(other)).toEqual(board);
});

test("B12: what was sent without an answer is sent again after a reload, with the id that it had", async ({ comanda, people }) => {
  const [ana] = (await placeAll(comanda, "Ana")) as [Placed];
  const [page, other] = await Promise.all([people.barista(), people.barista()]);
  const sent = stepsOf(page);
  await page.route("**/StartTicket", async (route) => {
    await route.fetch();
    await route.abort("connectionreset");
  });
  await start(page, ana);
  await expect(ticket(column(other, "Em preparo"), ana.number)).toBeVisible();
  const before = sent.length;
  await page.reload();
  await page.unroute("**/StartTicket");
  await expect.poll(() => sent.length).toBeGreaterThan(before);
  expect(new Set(sent.map(({ requestId }) => requestId)).size).toBe(1);
  const card = ticket(column(page, "Em preparo"), ana.number);
  await expect(card).toHaveAttribute("aria-busy", "false");
  await expect(page.locator(".toast-problem")).toHaveCount(0);
});

test("B6: a tap whose answer got lost is the same tap when it is sent again", async ({ comanda, people }) => {
  const [ana] = (await placeAll(comanda, "Ana")) as [Placed];
  const page = await people.barista();
  const sent = stepsOf(page);
  await page.route("**/StartTicket", async (route) => {
    await route.fetch();
    await route.abort("connectionreset");
  }, { times: 1 });
  await start(page, ana);
  const moved = ticket(column(page, "Em preparo"), ana.number);
  await expect(moved).toBeVisible();
  await expect(moved).not.toContainText("pendente");
  expect(sent).toHaveLength(2);
  expect(sent[0]).toEqual(sent[1]);
  await expect(page.locator(".toast-problem")).toHaveCount(0);
});

test("B12: what is refused when it is sent at last is listed until somebody has read it", async ({ comanda, people }) => {
  const [ana] = (await placeAll(comanda, "Ana")) as [Placed];
  const [page, other] = await Promise.all([people.barista(), people.barista()]);
  await expect(ticket(page, ana.number)).toBeVisible();
  await page.route("**/comanda.*/*", (route) => route.abort("connectionrefused"));
  await comanda.kill();
  await comanda.open();
  await expect(pill(page)).not.toHaveText("Ao vivo");
  await start(page, ana);
  await button(ticket(column(page, "Em preparo"), ana.number), "Pronto").tap();
  await expect(pill(other)).toHaveText("Ao vivo");
  await start(other, ana);
  await expect(ticket(column(other, "Em preparo"), ana.number)).not.toContainText("pendente");

  await page.unroute("**/comanda.*/*");
  const problems = page.locator(".toast-problem");
  await expect(problems).toHaveCount(2);
  await expect(problems.first()).toContainText(`Pedido ${ana.number}: `);
  await expect(problems.last()).toContainText("O passo anterior não foi aceito");
  await expect(ticket(column(page, "Em preparo"), ana.number)).not.toContainText("pendente");
  await examine(page, "board-refused", "tablet");
  await page.reload();
  await expect(problems).toHaveCount(2);
  for (const left of [1, 0]) {
    await button(problems.first(), "Dispensar").tap();
    await expect(problems).toHaveCount(left);
  }
  await page.reload();
  await expect(pill(page)).toHaveText("Ao vivo");
  await expect(problems).toHaveCount(0);
});
