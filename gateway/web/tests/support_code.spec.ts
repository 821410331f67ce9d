// Whoever asks for help names a code, and the shop finds the call in its traces by it.

import type { Page } from "@playwright/test";
import { OrderState } from "../src/gen/comanda/type/v1/order_state_pb.ts";
import { examine } from "./support/examine.ts";
import { refuse } from "./support/grpc_web.ts";
import { advance } from "./support/kitchen.ts";
import { fillBasket, place } from "./support/orders.ts";
import { PASSWORD } from "./support/team.ts";
import { expect, PHONE, test, type People } from "./support/test.ts";

/** A phone, and the traces of the calls that it makes. */
async function phone(people: People): Promise<{ page: Page; traces: string[] }> {
  const page = await people.device({ viewport: PHONE, isMobile: true });
  const traces: string[] = [];
  page.on("request", (request) => {
    const trace = request.headers()["traceparent"]?.split("-")[1];
    if (trace) traces.push(trace);
  });
  return { page, traces };
}

async function namesOneOf(page: Page, traces: readonly string[]): Promise<void> {
  const code = page.getByRole("button", { name: /^Código [0-9a-f]{8}$/ });
  await expect(code).toBeVisible();
  expect(traces).toContain(await code.getAttribute("title"));
}

test("S10: a menu, and a status, that do not come have a code", async ({ comanda, people }) => {
  for (const [path, method] of [["/", "WatchMenu"], [`/status#${comanda.staffToken}`, "GetStatus"]] as const) {
    const { page, traces } = await phone(people);
    await refuse(page, method);
    // The menu is asked for before its scripts are there, too.
    await refuse(page, "GetMenu");
    await page.goto(path);
    await expect(page.getByText("A loja está com um problema passageiro.")).toBeVisible();
    await namesOneOf(page, traces);
  }
});

test("S10: a list of the staff that does not come has a code", async ({ comanda, people }) => {
  const { page, traces } = await phone(people);
  await refuse(page, "ListStaff");
  await page.goto(comanda.links.equipe);
  await page.getByLabel("Nome").fill("Marina");
  await page.getByLabel("Login").fill("marina");
  await page.getByLabel("Senha").fill(PASSWORD);
  await page.getByRole("button", { name: "Salvar" }).tap();
  await expect(page.getByText("A lista de pessoas não veio")).toBeVisible();
  await namesOneOf(page, traces);
  await examine(page, "team-list-failed", "any");
});

test("S10: an order that is refused has a code", async ({ people }) => {
  const { page, traces } = await phone(people);
  await page.goto("/");
  // Nobody could read this name.
  await fillBasket(page, "Pão de queijo", "\u200b");
  await page.getByRole("button", { name: /^Pedir ·/ }).tap();
  await expect(page.getByRole("alert")).toHaveText("Seu primeiro nome: deve ter algum caractere visível.");
  await namesOneOf(page, traces);
  await examine(page, "basket-refused", "any");
});

test("S10: an order that is not shown, or no longer cancelled, has a code", async ({ comanda, people }) => {
  const placed = await place(comanda);
  const unknown = await phone(people);
  await unknown.page.goto(placed.path.replace(/.$/, (last) => (last === "A" ? "B" : "A")));
  await expect(unknown.page.getByRole("alert")).toContainText("Não dá para mostrar este pedido");
  await namesOneOf(unknown.page, unknown.traces);

  const { page, traces } = await phone(people);
  await page.goto(placed.path);
  await page.route("**/CancelOrder", async (route) => {
    await advance(comanda, placed, OrderState.PREPARING);
    await route.continue();
  });
  await page.getByRole("button", { name: "Cancelar pedido" }).tap();
  await page.getByRole("button", { name: "Sim, cancelar" }).tap();
  await expect(page.getByRole("alert")).toHaveText(/^[^[\]_]+\.$/);
  await namesOneOf(page, traces);
});
