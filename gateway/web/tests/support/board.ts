// The barista's page, as a person reads it.

import type { Locator, Page } from "@playwright/test";

/** States as people read them, and as the contract numbers them. */
const STATES: Record<string, number> = { Recebido: 1, "Em preparo": 2, Pronto: 3 };

/** Where the tickets of a state are, whichever way the board is laid out. */
export const column = (page: Page, state: string): Locator => page.locator(`.place.state-${STATES[state]}`);

/** One of the lanes, on a board that is laid out in lanes. */
export const lane = (page: Page, state: string): Locator => page.getByRole("region", { name: new RegExp(`^${state}`) });

export const ticket = (within: Page | Locator, number: string): Locator =>
  within.getByRole("article", { name: new RegExp(`^${number} `) });

/** What is shown of each state, to compare two tablets. */
export const shownBoard = (page: Page): Promise<string[][]> =>
  page.evaluate(() =>
    [1, 2, 3].map((state) =>
      [...document.querySelectorAll(`.place.state-${state} .ticket-title`)].map((title) => title.textContent ?? ""),
    ),
  );

export const pill = (page: Page): Locator => page.locator(".pill");

/** Something in the menu of the board's bar. */
export async function choose(page: Page, item: string): Promise<void> {
  await page.getByRole("button", { name: "Opções" }).tap();
  await page.getByRole("dialog").getByRole("button", { name: item }).tap();
}

/** Lanes, or one flow of tickets. */
export async function layOut(page: Page, how: "Em grade" | "Em colunas"): Promise<void> {
  await page.getByRole("button", { name: "Opções" }).tap();
  await page.getByRole("radio", { name: how }).check();
  await page.getByRole("button", { name: "Fechar" }).tap();
}
