// A slow hop: calls of one method stand still until they are let go.

import type { Page } from "@playwright/test";

/** Returns what lets them go. */
export async function holdBack(page: Page, method: string): Promise<() => void> {
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await page.route(`**/${method}`, async (route) => {
    await held;
    await route.continue();
  });
  return letGo;
}
