// Two languages: asked for, chosen, remembered, and spoken by the server as well.

import { choose, ticket } from "./support/board.ts";
import { place, plus } from "./support/orders.ts";
import { expect, test } from "./support/test.ts";

const plain = (words: string | null) => words?.replaceAll("\u00a0", " ");

test("S1, S2: Portuguese unless asked otherwise; a choice outlives reloads and reaches other tabs", async ({ people }) => {
  const page = await people.customer();
  const html = page.locator("html");
  await expect(html).toHaveAttribute("lang", "pt-BR");
  const price = page.getByRole("button", { name: /^Espresso (Curto|Short)/ }).locator(".price");
  expect(plain(await price.textContent())).toBe("R$ 7,00");

  await page.goto("/?lang=en");
  await expect(html).toHaveAttribute("lang", "en");
  await expect(page).toHaveTitle("Café Comanda · Menu · Comanda");
  expect(plain(await price.textContent())).toBe("R$7.00");
  expect(new URL(page.url()).search, "taken off the address").toBe("");
  await page.reload();
  await expect(html).toHaveAttribute("lang", "en");

  const other = await page.context().newPage();
  await other.goto("/painel");
  await expect(other.getByText("Connect this panel")).toBeVisible();
  await other.getByRole("button", { name: "Português" }).tap();
  await expect(other.getByText("Conecte este painel")).toBeVisible();
  await expect(html).toHaveAttribute("lang", "pt-BR");
  await page.reload();
  await expect(html).toHaveAttribute("lang", "pt-BR");
});

test("switching keeps what was typed and what is shown", async ({ comanda, people }) => {
  const { number } = await place(comanda);
  const [customer, barista] = await Promise.all([people.customer(), people.barista()]);
  await plus(customer, "Pão de queijo").tap();
  await customer.getByRole("link", { name: /Ver pedido/ }).tap();
  await customer.getByLabel("Seu primeiro nome").fill("Ana");
  await customer.getByText("Na mesa").tap();
  await customer.getByRole("button", { name: "English" }).tap();
  await expect(customer.getByLabel("Your first name")).toHaveValue("Ana");
  await expect(customer.getByLabel("At a table")).toBeChecked();

  let streams = 0;
  barista.on("request", (request) => (streams += Number(request.url().endsWith("/WatchTickets"))));
  await expect(ticket(barista, number).locator(".advance")).toHaveAccessibleName(`Iniciar pedido ${number}`);
  await choose(barista, "English");
  await expect(ticket(barista, number).locator(".advance")).toHaveAccessibleName(`Start order ${number}`);
  await expect(barista).toHaveTitle("Café Comanda · Kitchen · Comanda");
  expect(streams, "the stream goes on").toBe(0);
});

test("the server answers in the language of the page", async ({ people }) => {
  const refusal = async (search: string) => {
    const page = await people.device({});
    const asked = page.waitForRequest(/WatchOrder$/);
    await page.goto(`/acompanhar${search}#01900000-0000-7000-8000-000000000000.k1.o.wrong`);
    const language = (await asked).headers()["accept-language"];
    return [language, await page.getByRole("alert").innerText()];
  };
  const [portuguese, english] = await Promise.all([refusal(""), refusal("?lang=en")]);
  expect(portuguese[0]).toBe("pt-BR");
  expect(english[0]).toBe("en");
  // The page's own words for it are others.
  expect(portuguese[1]).toMatch(/Pedido não encontrado/);
  expect(english[1]).toMatch(/No such order/);
});
