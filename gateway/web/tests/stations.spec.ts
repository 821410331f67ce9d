// A tablet at a station shows what that station prepares, and says so.

import { pill, ticket } from "./support/board.ts";
import { examine } from "./support/examine.ts";
import { importMenu } from "./support/menu.ts";
import { place } from "./support/orders.ts";
import { expect, test } from "./support/test.ts";

test("B17: a tablet shows the stations chosen on it, and remembers them", async ({ comanda, people }) => {
  await importMenu(comanda, {
    categories: {
      Tudo: [
        { name: "Latte", stations: ["bar"] },
        { name: "Tostex", stations: ["cozinha"] },
        { name: "Água" },
      ],
    },
  });
  const bar = (await place(comanda, { product: "Latte", name: "Ana" })).number;
  const kitchen = (await place(comanda, { product: "Tostex", name: "Bia" })).number;
  const both = (await place(comanda, { product: "Latte", also: "Tostex", name: "Caio" })).number;
  const page = await people.barista();
  await expect(page.getByRole("article")).toHaveCount(3);
  const stations = page.getByRole("group", { name: "Estações" });
  await expect(stations.getByRole("button", { name: "Todas" })).toHaveAttribute("aria-pressed", "true");

  await stations.getByRole("button", { name: "bar" }).tap();
  await expect(ticket(page, kitchen)).toBeHidden();
  await expect(ticket(page, bar)).toBeVisible();
  await expect(page.locator(".counter.state-1 .count")).toHaveText("2");
  await expect(pill(page), "its heartbeats count what is watched").toHaveText("Ao vivo");
  const lines = ticket(page, both).getByRole("listitem");
  await expect(lines.filter({ hasText: "Tostex" })).toHaveClass("is-elsewhere");
  await expect(lines.filter({ hasText: "Tostex" })).toContainText("(em cozinha)");
  await expect(lines.filter({ hasText: "Latte" })).not.toHaveClass("is-elsewhere");
  await examine(page, "board-station", "tablet");

  await page.reload();
  await expect(ticket(page, bar)).toBeVisible();
  await expect(stations.getByRole("button", { name: "bar" })).toHaveAttribute("aria-pressed", "true");
  await expect(ticket(page, kitchen)).toBeHidden();
  await stations.getByRole("button", { name: "Todas" }).tap();
  await expect(page.getByRole("article")).toHaveCount(3);
});

test("B17: totals count what is still to be made, here", async ({ comanda, people }) => {
  await importMenu(comanda, {
    categories: { Tudo: [{ name: "Cappuccino", stations: ["bar"] }, { name: "Tostex", stations: ["cozinha"] }] },
  });
  const [first] = [await place(comanda, { product: "Cappuccino", quantity: 3 }), await place(comanda, { product: "Cappuccino", also: "Tostex", quantity: 4 })];
  const page = await people.barista();
  await page.getByRole("button", { name: "Totais e recentes" }).tap();
  const totals = page.getByRole("region", { name: "A preparar" }).getByRole("listitem");
  await expect(totals).toHaveText(["7 ×Cappuccino", "4 ×Tostex"]);
  await examine(page, "board-totals", "any");
  await page.getByRole("group", { name: "Estações" }).getByRole("button", { name: "cozinha" }).tap();
  await expect(totals).toHaveText(["4 ×Tostex"]);
  await page.getByRole("group", { name: "Estações" }).getByRole("button", { name: "bar" }).tap();
  await ticket(page, first.number).getByRole("checkbox", { name: "Cappuccino" }).tap();
  await expect(totals).toHaveText(["4 ×Cappuccino"]);
  await page.reload();
  await expect(totals, "it stays open").toHaveText(["4 ×Cappuccino"]);
});

test("B17: the expediter sees what each station has still to do", async ({ comanda, people }) => {
  await importMenu(comanda, {
    categories: { Tudo: [{ name: "Latte", stations: ["bar"] }, { name: "Tostex", stations: ["cozinha"] }] },
  });
  const { number } = await place(comanda, { product: "Latte", also: "Tostex" });
  const [page, bar] = await Promise.all([people.barista(), people.barista()]);
  const stations = page.getByRole("group", { name: "Estações" });
  await stations.getByRole("button", { name: "Expedição" }).tap();
  const chips = ticket(page, number).locator(".station-chips li");
  await expect(chips).toHaveText(["bar 0/1", "cozinha 0/1"]);
  await ticket(bar, number).getByRole("checkbox", { name: "Latte" }).tap();
  await expect(chips.first()).toHaveClass("is-complete");
  await expect(chips).toHaveText(["bar 1/1", "cozinha 0/1"]);
  await examine(page, "board-expediter", "any");
  await page.reload();
  await expect(chips.first()).toHaveText("bar 1/1");
  await stations.getByRole("button", { name: "Todas" }).tap();
  await expect(chips).toHaveCount(0);
});
