// What makes a page the shop's own: its colour, logo and cover, its words in two languages, its wishes at one tap.

import { PlaceOrderRequestSchema } from "../src/gen/comanda/orders/v1/order_service_pb.ts";
import { contrast } from "../src/lib/brand.ts";
import { column } from "./support/board.ts";
import { examine } from "./support/examine.ts";
import { messageIn } from "./support/grpc_web.ts";
import { importMenu, type WantedProduct } from "./support/menu.ts";
import { expect, PHONE, PICTURES, test } from "./support/test.ts";

const PICTURE = `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="9"><rect width="16" height="9" fill="#b5651d"/></svg>`;
const chai: WantedProduct = {
  name: "Chá da casa",
  price: "9.00",
  description: "Com canela.",
  quick_notes: ["sem açúcar", "bem quente"],
  translations: { en: { name: "House tea", description: "With cinnamon.", quick_notes: ["no sugar", "extra hot"] } },
};
const payment = {
  payment_text: "Pague no balcão: dinheiro ou PIX.",
  translations: { en: { payment_text: "Pay at the counter: cash or PIX." } },
};

test("a shop's colour, logo and cover are on its pages, and all stays readable", async ({ comanda, people }) => {
  // Too pale for white words, and for words on paper.
  const brand_color = "#f2b705";
  const face = { ...payment, brand_color, logo: `${PICTURES}logo.svg`, cover: `${PICTURES}cover.svg` };
  await importMenu(comanda, { name: "Empório do Zé", face, categories: { Chás: [chai] } });
  const page = await people.device({ viewport: PHONE, isMobile: true });
  await page.route(`${PICTURES}**`, (route) => route.fulfill({ body: PICTURE, contentType: "image/svg+xml" }));
  await page.goto("/");
  await expect(page.locator(".shop-cover")).toBeVisible();
  await expect(page.locator(".shop-logo img")).toBeVisible();
  const plus = page.getByRole("button", { name: "Adicionar Chá da casa" });
  const circle = plus.locator("svg");
  await expect(circle).toHaveCSS("background-color", "rgb(242, 183, 5)");
  expect(contrast(brand_color, "#ffffff")).toBeLessThan(3);
  await expect(circle).toHaveCSS("color", "rgb(34, 26, 20)");
  await examine(page, "menu-brand", "any");
  await plus.tap();
  await page.getByRole("link", { name: /Ver pedido/ }).tap();
  await expect(page.locator(".payment")).toContainText("Pague no balcão: dinheiro ou PIX.");
  await page.getByLabel("Seu primeiro nome").fill("Ana");
  await page.getByText("Para viagem").tap();
  await examine(page, "basket-brand", "any");
  await page.getByRole("button", { name: /^Pedir ·/ }).tap();
  await page.waitForURL(/\/acompanhar#/);
  await expect(page.getByRole("banner").getByRole("heading", { name: "Empório do Zé" })).toBeVisible();
  await expect(page.locator(".payment")).toContainText("Pague no balcão: dinheiro ou PIX.");
  await examine(page, "order-brand", "any");
});

test("a logo or a cover that does not come leaves no hole", async ({ comanda, people }) => {
  const face = { logo: `${PICTURES}logo.svg`, cover: `${PICTURES}cover.svg` };
  await importMenu(comanda, { face });
  const page = await people.device({ viewport: PHONE, isMobile: true });
  await page.route(`${PICTURES}**`, (route) => route.abort("connectionreset"));
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "Cafés", exact: true })).toBeVisible();
  await expect(page.getByRole("banner").locator("img")).toHaveCount(0);
  await expect(page.locator(".shop-logo svg")).toBeVisible();
});

test("English pages show what is translated, and both languages are found", async ({ comanda, people }) => {
  const milk = {
    key: "leite",
    name: "Leite",
    translations: { en: { name: "Milk" } },
    max: 1,
    options: [{ key: "aveia", name: "Aveia", translations: { en: { name: "Oat" } } }, { key: "soja", name: "Soja" }],
  };
  const categories = { Chás: [{ ...chai, optionGroups: ["leite"] }, { name: "Mate" }] };
  await importMenu(comanda, { face: payment, optionGroups: [milk], categories });
  const page = await people.customer("/?lang=en");
  const tea = page.getByRole("button", { name: /^House tea/ });
  await expect(tea).toContainText("With cinnamon.");
  await expect(page.getByRole("button", { name: /^Mate/ }), "what has no translation").toBeVisible();
  const search = page.getByRole("searchbox");
  for (const typed of ["house", "cha da casa", "cinnamon", "canela"]) {
    await search.fill(typed);
    await expect(page.getByRole("main").getByRole("listitem").filter({ hasText: "House tea" }).first(), typed).toBeVisible();
    await expect(page.getByText("Mate", { exact: true }).first()).toBeHidden();
  }
  await search.fill("");
  await tea.tap();
  const dialog = page.getByRole("dialog", { name: "House tea" });
  await expect(dialog.getByRole("group", { name: "Milk" }).getByRole("radio")).toHaveCount(3);
  await dialog.getByRole("radio", { name: "Oat" }).check();
  await expect(dialog.getByRole("radio", { name: "Soja" })).toBeVisible();
  await dialog.getByRole("button", { name: /^Add ·/ }).tap();
  await page.getByRole("link", { name: /View order/ }).tap();
  await expect(page.locator(".basket-lines li")).toHaveText([/House tea.*Oat/]);
  await expect(page.locator(".payment")).toContainText("Pay at the counter: cash or PIX.");
  await page.getByLabel("Your first name").fill("Ana");
  await page.getByText("Take away").tap();
  await page.getByRole("button", { name: /^Order ·/ }).tap();
  await page.waitForURL(/\/acompanhar#/);
  await expect(page.locator(".order-lines li")).toHaveText([/1 × House tea.*Oat/]);
  await page.getByRole("button", { name: "Português" }).tap();
  await expect(page.locator(".order-lines li")).toHaveText([/1 × Chá da casa.*Aveia/]);
});

test("wishes are taken at one tap, and the kitchen reads them in its own language", async ({ comanda, people }) => {
  await importMenu(comanda, { categories: { Chás: [chai] } });
  const [page, barista] = await Promise.all([people.customer("/?lang=en"), people.barista()]);
  await page.getByRole("button", { name: /^House tea/ }).tap();
  const dialog = page.getByRole("dialog");
  const wish = (name: string) => dialog.getByRole("button", { name });
  for (const name of ["extra hot", "no sugar"]) await wish(name).tap();
  await expect(wish("no sugar")).toHaveAttribute("aria-pressed", "true");
  await wish("extra hot").tap();
  await expect(wish("extra hot")).toHaveAttribute("aria-pressed", "false");
  await wish("extra hot").tap();
  await dialog.getByLabel("Note").fill("in my own cup");
  await examine(page, "product-wishes", "any");
  // The examination leaves the page in Portuguese.
  await dialog.getByRole("button", { name: /^Adicionar ·/ }).tap();
  await page.getByRole("link", { name: /Ver pedido/ }).tap();
  await page.getByLabel("Seu primeiro nome").fill("Ana");
  await page.getByText("Para viagem").tap();
  const sent = page.waitForRequest(/PlaceOrder$/);
  await page.getByRole("button", { name: /^Pedir ·/ }).tap();
  const { lines } = messageIn(PlaceOrderRequestSchema, (await sent).postDataBuffer()!);
  expect(lines.map(({ note }) => note)).toEqual(["sem açúcar, bem quente, in my own cup"]);
  await expect(column(barista, "Recebido")).toContainText("sem açúcar, bem quente, in my own cup");
});
