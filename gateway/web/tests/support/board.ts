// The barista's page, as a person reads it.

import type { Locator, Page } from "@playwright/test";

export const column = (page: Page, name: string): Locator => page.getByRole("region", { name: new RegExp(`^${name}`) });

export const ticket = (within: Page | Locator, number: string): Locator =>
  within.getByRole("article", { name: new RegExp(`^${number} `) });

/** What each column shows, to compare two tablets. */
export const shownBoard = (page: Page): Promise<string[][]> =>
  page.locator(".column").evaluateAll((columns) =>
    columns.map((column) => [...column.querySelectorAll(".ticket-title")].map((title) => title.textContent ?? "")),
  );

export const pill = (page: Page): Locator => page.locator(".pill");
