// Who works at a tablet: changes bear a person's name, and nothing stops when nobody can sign in.

import type { Page } from "@playwright/test";
import { column, pill, ticket } from "./support/board.ts";
import { examine } from "./support/examine.ts";
import { holdBack } from "./support/hold_back.ts";
import { place } from "./support/orders.ts";
import { expect, TABLET, TABLET_UPRIGHT, test } from "./support/test.ts";

const works = (page: Page) => page.getByRole("button", { name: /^(Quem trabalha aqui:|Entrar)/ }).first();

async function signIn(page: Page, name: string, pin: string): Promise<void> {
  await works(page).tap();
  await page.getByRole("button", { name, exact: true }).tap();
  for (const digit of pin) await page.getByRole("button", { name: digit, exact: true }).tap();
  await page.getByRole("dialog").getByRole("button", { name: "Entrar" }).tap();
}

test("B14: a person signs in with a PIN, and others hear who was first", async ({ comanda, people }) => {
  comanda.addBarista("Ana", "4821");
  const first = await people.open(comanda.links.barista, { viewport: TABLET });
  await works(first).tap();
  await expect(first.getByRole("button", { name: "Ana", exact: true })).toBeVisible();
  await examine(first, "who", "any");
  await first.getByRole("button", { name: "Ana", exact: true }).tap();
  await examine(first, "pin", "any");
  await first.keyboard.type("0000");
  await first.keyboard.press("Enter");
  await expect(first.getByText("O PIN não confere")).toBeVisible();
  await examine(first, "pin-wrong", "any");
  await first.keyboard.press("Escape");
  await expect(first.getByRole("dialog")).toHaveCount(0);
  await signIn(first, "Ana", "4821");
  await expect(works(first)).toContainText("Ana");
  await first.reload();
  await expect(works(first), "also after a reload").toContainText("Ana");

  const { number } = await place(comanda, { name: "Caio" });
  const second = await people.barista({ viewport: TABLET_UPRIGHT });
  const letGo = await holdBack(second, "StartTicket");
  await ticket(second, number).getByRole("button", { name: "Iniciar" }).tap();
  await ticket(first, number).getByRole("button", { name: "Iniciar" }).tap();
  await expect(ticket(column(first, "Em preparo"), number)).toHaveAttribute("aria-busy", "false");
  letGo();
  await expect(second.locator(".toast-problem")).toContainText(`Pedido ${number}: Ana já iniciou.`);
});

test("who leaves, or is sent away, leaves the tablet to itself", async ({ comanda, people }) => {
  comanda.addBarista("Ana", "4821");
  comanda.addBarista("Bia", "9999");
  const page = await people.open(comanda.links.barista, { viewport: TABLET });
  await signIn(page, "Ana", "4821");
  await works(page).tap();
  await expect(page.getByText("Ana está trabalhando aqui.")).toBeVisible();
  await examine(page, "who-works", "any");
  const ended = page.waitForResponse("**/SignOut");
  await page.getByRole("button", { name: "Sair" }).tap();
  await ended;
  await expect(works(page)).toContainText("Entrar");

  await signIn(page, "Bia", "9999");
  await expect(works(page)).toContainText("Bia");
  comanda.staff(["archive", "bia"]);
  const { number } = await place(comanda);
  await expect(async () => {
    const button = ticket(page, number).getByRole("button", { name: /Iniciar|Pronto|Entregar/ });
    if (await button.isVisible()) await button.tap();
    await expect(works(page), "her session is over, and the tap is the tablet's").toContainText("Entrar", { timeout: 1_000 });
  }).toPass();
  await expect(page.locator(".toast-problem")).toHaveCount(0);
  await expect(pill(page)).toHaveText("Ao vivo");
});

test("while nobody can say who may in, the board goes on", async ({ comanda, people }) => {
  comanda.addBarista("Ana", "4821");
  const page = await people.open(comanda.links.barista, { viewport: TABLET });
  await expect(works(page)).toContainText("Tablet");
  await page.route("**/comanda.identity.v1.IdentityService/*", (route) => route.abort("connectionrefused"));
  await signIn(page, "Ana", "4821");
  await expect(page.getByText("Não é possível entrar agora")).toBeVisible();
  await examine(page, "pin-away", "any");
  await page.getByRole("button", { name: "Fechar" }).tap();
  const { number } = await place(comanda);
  await ticket(page, number).getByRole("button", { name: "Iniciar" }).tap();
  await expect(ticket(column(page, "Em preparo"), number)).toBeVisible();
  await expect(pill(page)).toHaveText("Ao vivo");
});

test("a tablet is disconnected only after a question", async ({ comanda, people }) => {
  const page = await people.open(comanda.links.barista, { viewport: TABLET });
  await works(page).tap();
  await page.getByRole("button", { name: "Desconectar este tablet" }).tap();
  await page.getByRole("button", { name: "Voltar" }).tap();
  await page.getByRole("button", { name: "Desconectar este tablet" }).tap();
  await examine(page, "disconnect", "any");
  await page.getByRole("button", { name: "Desconectar", exact: true }).tap();
  await expect(page.getByLabel("Código de conexão")).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("Código de conexão")).toBeVisible();
});
