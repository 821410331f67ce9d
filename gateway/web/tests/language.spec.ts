// Two languages: asked for, chosen, remembered, and spoken by the server as well.

import type { Page } from "@playwright/test";
import { boardEn } from "../src/text/board_en.ts";
import { boardPtBR } from "../src/text/board_pt_br.ts";
import { en } from "../src/text/en.ts";
import { followEn } from "../src/text/follow_en.ts";
import { followPtBR } from "../src/text/follow_pt_br.ts";
import { ptBR } from "../src/text/pt_br.ts";
import { staffEn } from "../src/text/staff_en.ts";
import { staffPtBR } from "../src/text/staff_pt_br.ts";
import { teamEn } from "../src/text/team_en.ts";
import { teamPtBR } from "../src/text/team_pt_br.ts";
import { choose, ticket } from "./support/board.ts";
import { importMenu } from "./support/menu.ts";
import { place, plus } from "./support/orders.ts";
import { expect, TABLET, test } from "./support/test.ts";

const plain = (words: string | null) => words?.replaceAll("\u00a0", " ");

test("S1, S2: Portuguese unless asked otherwise; a choice outlives reloads and reaches other tabs", async ({ people }) => {
  const page = await people.customer();
  const html = page.locator("html");
  await expect(html).toHaveAttribute("lang", "pt-BR");
  const price = page.getByRole("button", { name: /^Espresso (Curto|Short)/ }).locator(".price");
  expect(plain(await price.textContent())).toBe("R$ 7,00");

  await page.goto("/?lang=en");
  await expect(html).toHaveAttribute("lang", "en");
  await expect(page).toHaveTitle("Café Comanda · Menu · Comanda");
  expect(plain(await price.textContent())).toBe("R$7.00");
  expect(new URL(page.url()).search, "taken off the address").toBe("");
  await page.reload();
  await expect(html).toHaveAttribute("lang", "en");

  const other = await page.context().newPage();
  await other.goto("/painel");
  await expect(other.getByText("Connect this panel")).toBeVisible();
  await other.getByRole("button", { name: "Português" }).tap();
  await expect(other.getByText("Conecte este painel")).toBeVisible();
  await expect(html).toHaveAttribute("lang", "pt-BR");
  await page.reload();
  await expect(html).toHaveAttribute("lang", "pt-BR");
});

const sentences = (texts: unknown): string[] =>
  typeof texts === "string" ? [texts] : typeof texts === "object" ? Object.values(texts!).flatMap(sentences) : [];
const ENGLISH = new Set([en, boardEn, followEn, staffEn, teamEn].flatMap(sentences));
const PORTUGUESE = [ptBR, boardPtBR, followPtBR, staffPtBR, teamPtBR].flatMap(sentences).filter((words) => !ENGLISH.has(words));

/** What an English page says in Portuguese, but for the shop's own words and the way to the other language. */
const leftInPortuguese = (page: Page) =>
  page.evaluate((catalogue) => {
    const known = new Set(catalogue);
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found: string[] = [];
    while (walk.nextNode()) {
      const words = walk.currentNode.textContent!.trim();
      const isForeign = walk.currentNode.parentElement!.closest("bdi, noscript, [lang='pt-BR']");
      if (!isForeign && (known.has(words) || /[ãõçáâéêíóôú]/i.test(words))) found.push(words);
    }
    return found;
  }, PORTUGUESE);

test("S1: an English page says nothing in Portuguese but the shop's own words", async ({ comanda, people }) => {
  await importMenu(comanda, { categories: { Doces: [{ name: "Brigadeiro" }, { name: "Pão de queijo" }] } });
  const placed = await place(comanda, { note: "sem açúcar", allergy: "nozes", table: "4" });
  const english = async (path: string, secret = "") => {
    const page = await people.open(`${path}?lang=en${secret && `#${secret}`}`, { viewport: TABLET });
    await expect(page.locator("html")).toHaveAttribute("lang", "en");
    return page;
  };
  const board = await english("/barista", comanda.staffToken);
  await expect(ticket(board, placed.number)).toBeVisible();
  expect(await leftInPortuguese(board)).toEqual([]);
  await board.getByRole("button", { name: "Options" }).tap();
  await board.getByRole("dialog").getByRole("button", { name: "Menu" }).tap();
  await board.getByRole("switch", { name: "Brigadeiro: Sold out" }).tap();
  await expect(board.getByText("Brigadeiro: sold out for today")).toBeVisible();
  expect(await leftInPortuguese(board)).toEqual([]);

  const menu = await english("/");
  await expect(menu.getByRole("button", { name: /^Brigadeiro/ })).toContainText("Sold out");
  await menu.getByRole("button", { name: "Add Pão de queijo", exact: true }).tap();
  await menu.getByRole("button", { name: /^Order ·/ }).tap();
  await expect(menu.getByLabel("Your first name")).toBeFocused();
  expect(await leftInPortuguese(menu)).toEqual([]);

  const [path, secret] = placed.path.split("#") as [string, string];
  for (const page of [
    await english(path, secret),
    await english("/painel", comanda.panelToken),
    await english("/status", comanda.staffToken),
    await english("/equipe"),
  ]) {
    await expect(page.getByRole("heading").first()).toBeVisible();
    expect(await leftInPortuguese(page), page.url()).toEqual([]);
  }
});

test("switching keeps what was typed and what is shown", async ({ comanda, people }) => {
  const { number } = await place(comanda);
  const [customer, barista] = await Promise.all([people.customer(), people.barista()]);
  await plus(customer, "Pão de queijo").tap();
  await customer.getByRole("link", { name: /Ver pedido/ }).tap();
  await customer.getByLabel("Seu primeiro nome").fill("Ana");
  await customer.getByText("Na mesa").tap();
  await customer.getByRole("button", { name: "English" }).tap();
  await expect(customer.getByLabel("Your first name")).toHaveValue("Ana");
  await expect(customer.getByLabel("At a table")).toBeChecked();

  let streams = 0;
  barista.on("request", (request) => (streams += Number(request.url().endsWith("/WatchTickets"))));
  await expect(ticket(barista, number).locator(".advance")).toHaveAccessibleName(`Iniciar pedido ${number}`);
  await choose(barista, "English");
  await expect(ticket(barista, number).locator(".advance")).toHaveAccessibleName(`Start order ${number}`);
  await expect(barista).toHaveTitle("Café Comanda · Kitchen · Comanda");
  expect(streams, "the stream goes on").toBe(0);
});

test("the server answers in the language of the page", async ({ people }) => {
  const refusal = async (search: string) => {
    const page = await people.device({});
    const asked = page.waitForRequest(/WatchOrder$/);
    await page.goto(`/acompanhar${search}#01900000-0000-7000-8000-000000000000.k1.o.wrong`);
    const language = (await asked).headers()["accept-language"];
    return [language, await page.getByRole("alert").innerText()];
  };
  const [portuguese, english] = await Promise.all([refusal(""), refusal("?lang=en")]);
  expect(portuguese[0]).toBe("pt-BR");
  expect(english[0]).toBe("en");
  // The page's own words for it are others.
  expect(portuguese[1]).toMatch(/Pedido não encontrado/);
  expect(english[1]).toMatch(/No such order/);
});
