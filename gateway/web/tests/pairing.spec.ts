// A screen of the shop is connected once, by a code or a link, and told plainly when that no longer counts.

import type { Page } from "@playwright/test";
import { pill } from "./support/board.ts";
import { examine } from "./support/examine.ts";
import { limitOnce, refuse } from "./support/grpc_web.ts";
import { expect, TABLET, test } from "./support/test.ts";

const tablet = { viewport: TABLET };
const code = (page: Page) => page.getByLabel("Código de conexão");
const connect = (page: Page) => page.getByRole("button", { name: "Conectar" });

test("the links that the shop prints open each screen, leave the address, and work once", async ({ comanda, people }) => {
  const { barista, painel, status } = comanda.links;
  const [board, panel, system] = [await people.open(barista, tablet), await people.open(painel, tablet), await people.open(status, tablet)];
  await expect(board.getByText("Nenhum pedido na fila")).toBeVisible();
  await expect(panel.getByText("Nenhum pedido agora")).toBeVisible();
  await expect(system.getByText("Está tudo em ordem")).toBeVisible();
  for (const page of [board, panel, system]) {
    expect(page.url()).not.toContain("#");
    expect(await page.evaluate(() => history.length), "nothing to go back to").toBeLessThanOrEqual(2);
    await page.reload();
    await expect(page.locator(".access-form")).toHaveCount(0);
  }
  await expect(pill(board)).toHaveText("Ao vivo");

  const late = await people.open(barista, tablet);
  await expect(late.getByRole("alert")).toHaveText(/já foi usado ou venceu/);
  await examine(late, "pair-refused", "any");
  // The tablet that has used it stays connected, whoever opens the link there again.
  await board.goto("about:blank");
  await board.goto(barista);
  await expect(board.getByRole("alert")).toBeVisible();
  await board.getByRole("button", { name: "Continuar como antes" }).tap();
  await expect(pill(board)).toHaveText("Ao vivo");
});

test("a code is typed as people type, and a link may be pasted", async ({ comanda, people }) => {
  const page = await people.open("/barista", tablet);
  await examine(page, "pair", "any");
  await code(page).fill("errado");
  await connect(page).tap();
  await expect(page.getByRole("alert")).toHaveText(/8 letras e números/);
  await examine(page, "pair-malformed", "any");
  const fragment = comanda.pair("Tablet do balcão", "barista");
  const letters = fragment.replace("#pair=", "").toLowerCase();
  await code(page).fill(` ${letters.slice(0, 4)}-${letters.slice(4)}`);
  await connect(page).tap();
  await expect(pill(page)).toHaveText("Ao vivo");
  await expect(page.getByRole("button", { name: "Entrar" })).toContainText("Tablet do balcão");

  const panel = await people.open("/painel", tablet);
  await code(panel).fill(`${comanda.origin}/painel${comanda.pair("Painel", "panel")}`);
  await connect(panel).tap();
  await expect(panel.getByText("Nenhum pedido agora")).toBeVisible();
});

test("guessing is slowed, and the form says for how long", async ({ comanda, people }) => {
  const page = await people.open("/barista", tablet);
  await limitOnce(page, "PairDevice", 2, "SIGN_IN_SLOWED");
  await code(page).fill(comanda.pair("Tablet", "barista").replace("#pair=", ""));
  await connect(page).tap();
  await expect(page.getByRole("alert")).toHaveText(/muitas tentativas/);
  await expect(page.getByRole("timer")).toHaveText(/Espere [12] s/);
  await expect(connect(page)).toBeDisabled();
  await connect(page).tap();
  await expect(pill(page)).toHaveText("Ao vivo");
});

test("access that has ended leads back to the form, which says why", async ({ comanda, people }) => {
  const page = await people.open(`/barista${comanda.pair("Tablet velho", "barista")}`, tablet);
  await expect(pill(page)).toHaveText("Ao vivo");
  const id = /^(\S+)\s+Tablet velho/m.exec(comanda.staff(["devices"]))?.[1] ?? "";
  comanda.staff(["revoke", id]);
  await expect(page.getByRole("alert")).toHaveText(/O acesso deste aparelho foi encerrado/);
  await examine(page, "pair-revoked", "any");
  await page.goto(`/barista${comanda.pair("Tablet novo", "barista")}`);
  await expect(pill(page)).toHaveText("Ao vivo");

  const forged = await people.open("/painel#e30.e30.e30", tablet);
  await expect(forged.getByRole("alert")).toHaveText(/não está conectado a esta loja/);
  const expired = await people.device(tablet);
  await refuse(expired, "WatchTickets", "TOKEN_EXPIRED");
  await expired.goto(`/barista#${comanda.staffToken}`);
  await expect(expired.getByRole("alert")).toHaveText(/venceu/);
  const panel = await people.open(`/barista#${comanda.panelToken}`, tablet);
  await expect(pill(panel), "a panel may look at the board").toHaveText("Ao vivo");
});
