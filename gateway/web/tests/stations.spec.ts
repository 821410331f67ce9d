// A tablet at a station shows what that station prepares, and says so.

import { pill, ticket } from "./support/board.ts";
import { examine } from "./support/examine.ts";
import { importMenu } from "./support/menu.ts";
import { place } from "./support/orders.ts";
import { expect, test } from "./support/test.ts";

test("a tablet shows the stations chosen on it, and remembers them", async ({ comanda, people }) => {
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
