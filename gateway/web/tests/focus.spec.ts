// Whoever works without a pointer is never lost: the focus comes back from a dialog, and buttons say whose they are.

import type { Page } from "@playwright/test";
import { choose, column, ticket } from "./support/board.ts";
import { place } from "./support/orders.ts";
import { button, owner, signOut } from "./support/team.ts";
import { expect, test } from "./support/test.ts";

const focused = (page: Page) => page.evaluate(() => document.activeElement?.tagName);

test("a dialog gives the focus back to what opened it, or to what that was in", async ({ people }) => {
  const page = await people.customer();
  const product = page.getByRole("button", { name: /^Cappuccino/ });
  for (const close of ["Escape", "button"]) {
    await product.focus();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("dialog")).toBeVisible();
    if (close === "Escape") await page.keyboard.press("Escape");
    else await page.getByRole("button", { name: "Fechar" }).tap();
    await expect(product).toBeFocused();
  }

  // The button that opened this one goes when the shop is paused.
  const barista = await people.barista();
  await choose(barista, "Pausar");
  await barista.getByRole("button", { name: "Pausar agora" }).tap();
  await expect(barista.getByRole("button", { name: "Retomar" })).toBeVisible();
  await expect(barista.getByRole("dialog")).toHaveCount(0);
  await expect.poll(() => focused(barista)).not.toBe("BODY");
});

test("each step's button says of which order it is", async ({ comanda, people }) => {
  const { number } = await place(comanda);
  const page = await people.barista();
  for (const [state, word] of [["Recebido", "Iniciar"], ["Em preparo", "Pronto"], ["Pronto", "Entregar"]] as const) {
    const advance = ticket(column(page, state), number).locator(".advance");
    await expect(advance).toHaveAccessibleName(`${word} pedido ${number}`);
    await advance.tap();
  }
});

test("nobody signs out with one tap", async ({ comanda, people }) => {
  const page = await owner(comanda, people);
  await button(page, "Sair").tap();
  await page.getByRole("dialog").getByRole("button", { name: "Voltar" }).tap();
  await expect(button(page, "Pessoas")).toBeVisible();
  await signOut(page);
  await expect(page.getByLabel("Login")).toBeVisible();
});
