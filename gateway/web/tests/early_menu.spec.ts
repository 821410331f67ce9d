// The menu is asked for before the page's scripts are there, and what became of that changes nothing but the wait.

import type { Page, Route } from "@playwright/test";
import { GetMenuRequestSchema, WatchMenuRequestSchema } from "../src/gen/comanda/catalog/v1/catalog_service_pb.ts";
import { messageIn, refuse } from "./support/grpc_web.ts";
import { importMenu } from "./support/menu.ts";
import { expect, PHONE, test } from "./support/test.ts";

const phone = { viewport: PHONE, isMobile: true };
const cafes = (page: Page) => page.getByRole("heading", { name: "Cafés", exact: true });

/** What is asked for by such an address waits until it is let through. */
async function hold(page: Page, address: RegExp): Promise<() => void> {
  let letThrough = () => {};
  const held = new Promise<void>((resolve) => (letThrough = resolve));
  await page.route(address, (route) => held.then(() => route.continue()));
  return letThrough;
}

test("the menu is asked for while the scripts are on their way, once", async ({ comanda, people }) => {
  await importMenu(comanda, { shop: "novo", name: "Café Novo", categories: { Cafés: [{ name: "Latte" }] } });
  const page = await people.device(phone);
  const scripts = await hold(page, /\/assets\/[\w.-]+\.js$/);
  const answers = await hold(page, /GetMenu$/);
  const asked: string[] = [];
  page.on("request", (request) => request.url().endsWith("Menu") && asked.push(request.url().split("/").at(-1)!));
  const early = page.waitForRequest(/GetMenu$/);
  await page.goto("/?loja=novo", { waitUntil: "commit" });
  expect(messageIn(GetMenuRequestSchema, (await early).postDataBuffer()!).shopId).toBe("novo");
  scripts();
  await expect(page.getByText("Carregando o cardápio…")).toBeVisible();
  const watched = page.waitForRequest(/WatchMenu$/);
  answers();
  await expect(cafes(page)).toBeVisible();
  const { knownVersion } = messageIn(WatchMenuRequestSchema, (await watched).postDataBuffer()!);
  expect(knownVersion, "it does not come twice").toBeGreaterThan(0n);
  expect(asked).toEqual(["GetMenu", "WatchMenu"]);
});

test("an early question that fails leaves it to the stream", async ({ people }) => {
  for (const fail of [(route: Route) => route.abort("connectionrefused"), null]) {
    const page = await people.device(phone);
    if (fail) await page.route(/GetMenu$/, fail);
    else await refuse(page, "GetMenu");
    await page.goto("/");
    await expect(cafes(page)).toBeVisible();
  }
});

test("a page without the early script asks by itself", async ({ people }) => {
  const page = await people.device(phone);
  await page.route("**/early.js", (route) => route.abort());
  await page.goto("/");
  await expect(cafes(page)).toBeVisible();
});
