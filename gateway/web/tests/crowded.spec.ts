// Too many people behind one address: whoever is asked to wait sees for how long, and is served after that.

import { examine } from "./support/examine.ts";
import { limitOnce } from "./support/grpc_web.ts";
import { fillBasket, place } from "./support/orders.ts";
import { expect, PHONE, test } from "./support/test.ts";

const COUNTING = /Tentamos de novo em \d+ s\./;

test("C11: an order waits as long as the server asks, counting down, and is placed once", async ({ people }) => {
  const page = await people.customer();
  await fillBasket(page, "Pão de queijo");
  await page.clock.install();
  await limitOnce(page, "PlaceOrder", 120);
  const sent: string[] = [];
  page.on("request", (request) => request.url().endsWith("PlaceOrder") && sent.push(request.postDataBuffer()?.toString("hex") ?? ""));
  await page.getByRole("button", { name: /^Pedir/ }).tap();
  await expect(page.getByText("Muita gente daqui ao mesmo tempo")).toBeVisible();
  const count = page.getByRole("timer");
  await expect(count).toHaveText(COUNTING);
  await expect(page.getByRole("button", { name: "Tentar agora" }), "it would be refused again").toBeHidden();
  await examine(page, "basket-waiting", "any");
  const left = async () => Number(/\d+/.exec(await count.innerText())![0]);
  const before = await left();
  expect(before).toBeGreaterThan(60);
  await page.clock.fastForward("00:30");
  await expect.poll(left).toBeLessThanOrEqual(before - 30);
  expect(sent.length, "not before the time").toBe(1);
  await page.clock.fastForward("02:00");
  await expect(page).toHaveURL(/acompanhar/);
  expect(sent.length).toBe(2);
  expect(sent[0], "the same order").toBe(sent[1]);
});

test("a menu that has to wait says so, and comes", async ({ people }) => {
  const page = await people.device({ viewport: PHONE, isMobile: true });
  for (const method of ["GetMenu", "WatchMenu"]) await limitOnce(page, method, 4);
  await page.goto("/");
  await expect(page.getByText("Muita gente daqui ao mesmo tempo")).toBeVisible();
  await expect(page.getByRole("timer")).toHaveText(COUNTING);
  await expect(page.getByRole("heading", { name: "Cafés", exact: true })).toBeVisible();
});

test("a cancellation that has to wait says so, and happens", async ({ comanda, people }) => {
  const { path } = await place(comanda);
  const page = await people.customer(path);
  await limitOnce(page, "CancelOrder", 4);
  await page.getByRole("button", { name: "Cancelar pedido" }).tap();
  await page.getByRole("button", { name: "Sim, cancelar" }).tap();
  await expect(page.getByRole("timer")).toHaveText(COUNTING);
  await expect(page.getByText("Este pedido foi cancelado.")).toBeVisible();
});
