// Every state of the kitchen's tablet and of the panel, looked at in both languages.

import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { Page } from "@playwright/test";
import { OrderState } from "../src/gen/comanda/type/v1/order_state_pb.ts";
import { examine } from "./support/examine.ts";
import { refuse, SetKitchen, ticketOf } from "./support/grpc_web.ts";
import { choose, column, pill, ticket } from "./support/board.ts";
import { importMenu } from "./support/menu.ts";
import { place } from "./support/orders.ts";
import { expect, TABLET, TABLET_UPRIGHT, test } from "./support/test.ts";

const NOON = Date.parse("2026-03-02T12:00:00Z");

for (const viewport of [TABLET, TABLET_UPRIGHT]) {
  test(`the tablet is empty, full, or out of reach at ${viewport.width}`, async ({ comanda, people }) => {
    const page = await people.barista({ viewport });
    await expect(page.getByText("Nenhum pedido na fila")).toBeVisible();
    await expect(page.getByText(/^Atualizado às \d\d:\d\d$/)).toBeVisible();
    await examine(page, "board-empty", "tablet");

    const names = ["Ana", "Maria Aparecida da Conceição Silva", "Bia", "Caio", "Dora"];
    const placed = [];
    for (const name of names) placed.push(await place(comanda, { name, quantity: 2, note: "sem açúcar", allergy: "castanhas" }));
    const [first, second, third] = placed.map(({ number }) => number) as [string, string, string];
    await ticket(column(page, "Recebido"), first).getByRole("button", { name: "Iniciar" }).tap();
    await ticket(column(page, "Em preparo"), first).getByRole("button", { name: "Pronto" }).tap();
    await ticket(column(page, "Recebido"), second).getByRole("button", { name: "Iniciar" }).tap();
    const customer = await people.customer(placed[2]!.path);
    await customer.getByRole("button", { name: "Cancelar pedido" }).tap();
    await customer.getByRole("button", { name: "Sim, cancelar" }).tap();
    await expect(ticket(page, third)).toContainText("Cancelado");
    await examine(page, "board", "tablet");
    const advance = await page.locator(".advance").evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height));
    expect(Math.min(...advance)).toBeGreaterThanOrEqual(64);

    await choose(page, "Cardápio");
    await expect(page.getByRole("switch").first()).toBeVisible();
    await examine(page, "stock-dialog", "tablet");
    await page.getByRole("button", { name: "Fechar" }).tap();

    await comanda.kill();
    await expect(page.getByText("Pode estar desatualizado")).toBeVisible();
    // The words for a longer absence come after ten seconds; one tablet waits for them.
    if (viewport === TABLET) await expect(pill(page)).toHaveText(/^Sem conexão desde \d\d:\d\d$/);
    await examine(page, "board-offline", "tablet");
  });
}

test("B19: the tablet asks for its code, has nothing to do, loads, or fails, and looks different", async ({ comanda, people }) => {
  const look = async (page: Page) => {
    const sign = page.locator("main .state-icon");
    const [ground, drawing] = [await sign.evaluate((one) => getComputedStyle(one).backgroundColor), await sign.innerHTML()];
    return `${ground} ${drawing}`;
  };
  const looks: string[] = [];
  const unknown = await people.open("/barista", { viewport: TABLET });
  await expect(unknown.getByLabel("Código de conexão")).toBeVisible();
  await examine(unknown, "barista-token", "tablet");
  await unknown.getByLabel("Código de conexão").fill("errado");
  await unknown.getByRole("button", { name: "Conectar" }).tap();
  await expect(unknown.getByRole("alert")).toBeVisible();
  await examine(unknown, "barista-token-refused", "tablet");

  const empty = await people.barista();
  await expect(empty.getByText("Nenhum pedido na fila")).toBeVisible();
  looks.push(await look(empty));

  const loading = await people.device({ viewport: TABLET });
  await loading.route("**/WatchTickets", () => {});
  await loading.goto(`/barista#${comanda.staffToken}`);
  await expect(loading.getByText("Carregando os pedidos…")).toBeVisible();
  looks.push(await look(loading));
  await examine(loading, "board-loading", "tablet");

  const failing = await people.device({ viewport: TABLET });
  await refuse(failing, "WatchTickets");
  await failing.goto(`/barista#${comanda.staffToken}`);
  await expect(failing.getByText("A loja não conseguiu responder")).toBeVisible();
  looks.push(await look(failing));
  await examine(failing, "board-error", "tablet");

  const offline = await people.device({ viewport: TABLET });
  await offline.route("**/WatchTickets", (route) => route.abort("connectionrefused"));
  await offline.goto(`/barista#${comanda.staffToken}`);
  await expect(offline.getByText("Sem conexão com a loja")).toBeVisible();
  looks.push(await look(offline));
  expect(new Set(looks).size).toBe(4);
  await examine(offline, "board-offline-at-start", "tablet");
});

test("B9: ages ask for attention after five minutes and are late after eight", async ({ comanda, people }) => {
  const acceptTime = timestampFromMs(NOON);
  const lines = [{ name: "Cappuccino", quantity: 2, options: ["Grande (450 ml)", "Aveia"], note: "sem açúcar" }];
  const waiting = ticketOf({ state: OrderState.RECEIVED, acceptTime, lines });
  const ready = ticketOf({ state: OrderState.READY, acceptTime, updateTime: timestampFromMs(NOON + 120_000), lines });
  const kitchen = new SetKitchen([waiting, ready], NOON);
  try {
    // A tablet whose own clock is wrong shows the same.
    const page = await people.device({ viewport: TABLET });
    await page.clock.setFixedTime(Date.now() + 600_000);
    await kitchen.serve(page);
    await page.goto(`/barista#${comanda.staffToken}`);
    const card = ticket(column(page, "Recebido"), waiting.number.toString());
    const strip = card.locator(".ticket-strip");
    const age = card.locator(".age");
    const shows = async (minutes: number, watch: RegExp, words: string, level: string) => {
      kitchen.setTime(NOON + minutes * 60_000);
      await expect(strip).toHaveClass(`ticket-strip age-${level}`);
      await expect(card.locator(".ticket-timer")).toHaveText(watch);
      if (words) await expect(age).toHaveText(words);
      else await expect(age).toBeHidden();
      const icon = words ? await age.locator("path").getAttribute("d") : null;
      return { icon, colour: await strip.evaluate((one) => getComputedStyle(one).backgroundColor) };
    };
    const looks = [
      await shows(4.9, /há 04:5\d$/, "", "ok"),
      await shows(5, /há 05:0\d$/, "Atenção", "warn"),
      await shows(8, /há 08:0\d$/, "Atrasado", "late"),
    ];
    for (const of of ["icon", "colour"] as const) expect(new Set(looks.map((look) => look[of])).size, `${of} of its own`).toBe(3);
    await shows(7.9, /há 07:5\d$/, "Atenção", "warn");
    await examine(page, "ages-warn", "tablet");
    await shows(10.2, /há 10:1\d$/, "Atrasado 2 min", "late");
    await expect(column(page, "Pronto").locator(".ticket-timer")).toHaveText(/pronto há 08:\d\d$/);
    await examine(page, "ages-late", "tablet");

    // The next business day, it shouts; what is READY does not.
    await expect(page.locator(".ticket-earlier")).toBeHidden();
    kitchen.setTime(NOON + 24 * 3_600_000);
    await expect(page.locator(".ticket-earlier")).toHaveCount(1);
    await expect(column(page, "Recebido").locator(".ticket-earlier")).toHaveText("De um dia anterior: termine ou cancele");
    await examine(page, "earlier-day", "tablet");
  } finally {
    kitchen.close();
  }
});

test("B9: a shop has limits of its own", async ({ comanda, people }) => {
  await importMenu(comanda, { minutes: { warn: 2, late: 30 } });
  const acceptTime = timestampFromMs(NOON);
  const waiting = ticketOf({ state: OrderState.RECEIVED, acceptTime, lines: [{ name: "Latte", quantity: 1 }] });
  const kitchen = new SetKitchen([waiting], NOON);
  try {
    const page = await people.device({ viewport: TABLET });
    await kitchen.serve(page);
    await page.goto(`/barista#${comanda.staffToken}`);
    const strip = ticket(page, waiting.number.toString()).locator(".ticket-strip");
    for (const [minutes, level] of [[1.9, "ok"], [2, "warn"], [29.9, "warn"], [30, "late"]] as const) {
      kitchen.setTime(NOON + minutes * 60_000);
      await expect(strip).toHaveClass(`ticket-strip age-${level}`);
    }
  } finally {
    kitchen.close();
  }
});

test("B11: silence is noticed, too", async ({ comanda, people }) => {
  const one = ticketOf({ state: OrderState.RECEIVED, acceptTime: timestampFromMs(NOON), lines: [{ name: "Latte", quantity: 1 }] });
  const kitchen = new SetKitchen([one], NOON);
  try {
    const page = await people.device({ viewport: TABLET });
    await kitchen.serve(page);
    await page.goto(`/barista#${comanda.staffToken}`);
    await expect(pill(page)).toHaveText("Ao vivo");
    // The connection stays, and nothing comes any more.
    kitchen.fallSilent();
    await expect(pill(page)).not.toHaveText("Ao vivo");
    await expect(ticket(page, one.number.toString())).toBeVisible();
    await expect(page.locator("main")).toHaveCSS("filter", "grayscale(1)");
  } finally {
    kitchen.close();
  }
});

test("the panel is empty, full, out of reach, or asks for its code", async ({ comanda, people }) => {
  const unknown = await people.open("/painel", { viewport: TABLET });
  await expect(unknown.getByLabel("Código de conexão")).toBeVisible();
  await examine(unknown, "panel-token", "tablet");

  const [page, barista] = await Promise.all([people.panel(), people.barista()]);
  await expect(page.getByText("Nenhum pedido agora")).toBeVisible();
  await examine(page, "panel-empty", "tablet");
  for (const name of ["Ana", "Bia", "Caio"]) {
    const { number } = await place(comanda, { name });
    await ticket(column(barista, "Recebido"), number).getByRole("button", { name: "Iniciar" }).tap();
    if (name === "Caio") continue;
    await ticket(column(barista, "Em preparo"), number).getByRole("button", { name: "Pronto" }).tap();
  }
  const ready = page.getByRole("region", { name: "Pronto" });
  await expect(ready.getByRole("listitem")).toHaveCount(2);
  expect(parseFloat(await ready.locator("b").first().evaluate((b) => getComputedStyle(b).fontSize))).toBeGreaterThanOrEqual(96);
  await examine(page, "panel", "tablet");

  await comanda.kill();
  await expect(page.getByText("Pode estar desatualizado")).toBeVisible();
  await examine(page, "panel-offline", "tablet");
});
