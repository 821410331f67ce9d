// What a menu tells of its products: allergens, pictures, the usual choice; and long menus.

import { choose } from "./support/board.ts";
import { examine } from "./support/examine.ts";
import { COFFEE, importMenu, type WantedProduct } from "./support/menu.ts";
import { expect, PHONE, PICTURES, test } from "./support/test.ts";

const PICTURE = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkWPf/PwAEhQJ/kvY5zQAAAABJRU5ErkJggg==",
  "base64",
);
const ALL = [
  "gluten", "crustaceans", "eggs", "fish", "peanuts", "soy", "milk", "nuts", "celery", "mustard", "sesame", "sulphites",
  "lupin", "molluscs", "latex",
];

test("allergens are in words, in both languages, before anything is chosen", async ({ comanda, people }) => {
  const size = {
    key: "tamanho",
    name: "Tamanho",
    min: 1,
    max: 1,
    options: [{ key: "p", name: "Pequeno" }, { key: "g", name: "Grande", default: true, price_delta: "2.00" }],
  };
  const latte: WantedProduct = { name: "Latte", allergens: ["milk", "nuts"], optionGroups: ["tamanho"] };
  await importMenu(comanda, { optionGroups: [size], categories: { Cafés: [COFFEE, latte, { name: "Tudo", allergens: ALL }] } });
  const page = await people.customer();
  const row = page.getByRole("button", { name: /^Latte/ });
  await expect(row).toContainText("Contém leite, castanhas");
  await expect(page.getByRole("button", { name: /^Café do dia/ })).not.toContainText("Contém");
  const all = page.getByRole("button", { name: /^Tudo/ });
  await expect(all).toContainText("glúten, crustáceos, ovos, peixe, amendoim, soja, leite, castanhas, aipo, mostarda");
  await expect(all).toContainText("gergelim, sulfitos, tremoço, moluscos, látex");
  await all.tap();
  const dialog = page.getByRole("dialog");
  await expect(dialog.locator(".allergens-box li:has(svg)")).toHaveCount(ALL.length);
  await examine(page, "product-all-allergens", "any");
  await page.getByRole("button", { name: "Fechar" }).tap();
  await row.tap();
  await expect(dialog.locator(".allergens-box li")).toHaveText(["leite", "castanhas"]);
  await expect(page.getByRole("radio", { name: /^Grande/ }), "the menu's usual choice").toBeChecked();
  await examine(page, "product-allergens", "any");
  await page.getByRole("button", { name: "Fechar" }).tap();
  await page.getByRole("button", { name: "English" }).tap();
  await expect(row).toContainText("Contains milk, nuts");
});

test("C1: a picture has its place at once; a drawing stands where there is none or it does not come", async ({ comanda, people }) => {
  const products = ["Bolo", "Torta"].map((name) => ({ name, picture: `${PICTURES}${name}.png` }));
  await importMenu(comanda, { categories: { Doces: [...products, { name: "Quindim" }] } });
  const page = await people.device({ viewport: PHONE, isMobile: true });
  let show = () => {};
  const held = new Promise<void>((resolve) => (show = resolve));
  await page.route(`${PICTURES}**`, async (route) => {
    await held;
    if (route.request().url().includes("Torta")) await route.abort("connectionreset");
    else await route.fulfill({ body: PICTURE, contentType: "image/png" });
  });
  await page.goto("/");
  const picture = page.getByRole("img", { name: "Bolo" });
  await expect(picture).toHaveAttribute("loading", "lazy");
  for (const side of ["width", "height"]) await expect(picture).toHaveAttribute(side, "96");
  const places = () =>
    page.locator(".product").evaluateAll((all) => all.map((one) => JSON.stringify(one.getBoundingClientRect())));
  const before = await places();
  show();
  await expect(page.getByRole("img", { name: "Torta" })).toBeHidden();
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1);
  expect(await places()).toEqual(before);
  const drawn = (product: string) => page.getByRole("button", { name: new RegExp(`^${product}`) }).locator(".drawing");
  for (const product of ["Torta", "Quindim"]) await expect(drawn(product)).toBeVisible();
  await expect(drawn("Bolo")).toHaveCount(0);
  await examine(page, "menu-pictures", "any");
});

test("a long menu can be searched, without accents, and stays whole", async ({ comanda, people }) => {
  const many = (what: string) => Array.from({ length: 120 }, (_, n) => ({ name: `${what} ${n + 1}` }));
  await importMenu(comanda, { categories: { Chás: many("Chá"), Pães: [...many("Pão"), { name: "Pão de Açúcar" }] } });
  const [page, barista] = await Promise.all([people.customer(), people.barista()]);
  await expect(page.getByRole("button", { name: /^Chá 1 / })).toBeVisible();
  await expect(page.getByRole("button", { name: /^Pão de Açúcar/ }), "not drawn before it is near").toBeHidden();
  await page.getByRole("navigation").getByRole("button", { name: "Pães" }).tap();
  await expect(page.getByRole("button", { name: /^Pão 1 / })).toBeInViewport();
  // Further down as far as it goes, as a thumb does it.
  await expect(async () => {
    await page.mouse.wheel(0, 5000);
    await expect(page.getByRole("button", { name: /^Pão de Açúcar/ })).toBeInViewport({ timeout: 200 });
  }).toPass();
  const search = page.getByRole("searchbox", { name: "Buscar no cardápio" });
  await search.fill("pao acucar");
  await expect(page.getByRole("button", { name: /^Pão de Açúcar/ }).first()).toBeVisible();
  await expect(page.getByRole("main").getByRole("listitem")).toHaveCount(1);
  await expect(page.getByRole("status").filter({ hasText: "1 produto" })).toBeAttached();
  await search.fill("cha");
  await expect(page.getByText("30 de 120 produtos. Escreva mais para achar o seu.")).toBeVisible();
  await examine(page, "menu-search", "any");
  await search.fill("xyz");
  await expect(page.getByText("Nada encontrado. Tente outra palavra.")).toBeVisible();
  await search.fill("");
  await expect(page.getByRole("navigation", { name: "Categorias" })).toBeVisible();

  await choose(barista, "Cardápio");
  await expect(barista.getByRole("switch", { name: "Chá 1: Esgotado" })).toBeVisible();
  await barista.getByRole("searchbox").fill("acucar");
  await expect(barista.getByRole("switch")).toHaveCount(1);
  await examine(barista, "stock-search", "tablet");
});
