// The staff page, as those who manage a shop use it.

import type { Page } from "@playwright/test";
import type { Comanda } from "./comanda.ts";
import { expect, TABLET, type People } from "./test.ts";

export const DESK = { viewport: TABLET };
export const PASSWORD = "uma senha comprida";

export const heading = (page: Page, name: string | RegExp) => page.getByRole("heading", { name });
export const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name });

export async function signIn(page: Page, login: string, password: string): Promise<void> {
  await page.getByLabel("Login").fill(login);
  await page.getByLabel("Senha").fill(password);
  await button(page, "Entrar").tap();
}

/** The owner, by the first link, with a password from then on. */
export async function owner(comanda: Comanda, people: People): Promise<Page> {
  const page = await people.open(comanda.links.equipe, DESK);
  await page.getByLabel("Nome").fill("Marina");
  await page.getByLabel("Login").fill("marina");
  await page.getByLabel("Senha").fill(PASSWORD);
  await button(page, "Salvar").tap();
  await expect(heading(page, "Pessoas")).toBeVisible();
  return page;
}

/** After the question whether that is meant. */
export async function signOut(page: Page): Promise<void> {
  await button(page, "Sair").tap();
  await page.getByRole("dialog").getByRole("button", { name: "Sair" }).tap();
}
