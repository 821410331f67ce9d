// A menu of 5,000 products on a phone, with Chromium's processor as it is and four times slower.

import { importMenu, type WantedProduct } from "../tests/support/menu.ts";
import { expect, PHONE, test } from "../tests/support/test.ts";
import { busy, watchTasks } from "./tasks.ts";

const CATEGORIES = 20;
const PRODUCTS = 5_000;

function menu(firstPrice: string): Record<string, WantedProduct[]> {
  const product = (n: number): WantedProduct => ({
    name: `Produto ${n + 1} ${n % 7 === 0 ? "de açaí" : "de café"}`,
    description: "Uma descrição de tamanho comum, com leite e açúcar.",
    price: n === 0 ? firstPrice : "12.50",
    allergens: n % 2 ? ["milk", "gluten"] : [],
  });
  const size = PRODUCTS / CATEGORIES;
  const category = (c: number) => Array.from({ length: size }, (_, n) => product(c * size + n));
  return Object.fromEntries(Array.from({ length: CATEGORIES }, (_, c) => [`Categoria ${c + 1}`, category(c)]));
}

for (const slower of [1, 4]) {
  test(`5,000 products, processor ${slower}× slower`, async ({ comanda, people }) => {
    await importMenu(comanda, { categories: menu("5.00") });
    const page = await people.device({ viewport: PHONE, isMobile: true });
    const debug = await page.context().newCDPSession(page);
    await debug.send("Emulation.setCPUThrottlingRate", { rate: slower });
    await page.addInitScript(watchTasks, ".menu section .product");
    await page.goto("/");
    const first = await page.waitForFunction(() => Reflect.get(globalThis, "firstShown") as number | undefined);
    const shown = Math.round((await first.jsonValue()) as number);
    const opening = await busy(page);

    await importMenu(comanda, { categories: menu("5.50") });
    await expect(page.getByRole("button", { name: /^Produto 1 / })).toContainText("5,50");
    const update = await busy(page);

    await page.getByRole("searchbox").tap();
    await busy(page);
    await page.getByRole("searchbox").pressSequentially("acai 12");
    await expect(page.getByRole("button", { name: /^Produto 12/ }).first()).toBeVisible();
    const typing = await busy(page);
    await page.getByRole("searchbox").fill("");
    await page.getByRole("navigation").getByRole("button", { name: "Categoria 15" }).tap();
    await expect(page.getByRole("button", { name: /^Produto 3501 / })).toBeInViewport();
    const jump = await busy(page);
    const nodes = await page.locator("*").count();
    console.log(
      [
        `first category shown ${shown} ms after navigation; longest task of the main thread, ms:`,
        `opening ${opening}, an update ${update}, a key in the search ${typing}, a jump over 3,500 products ${jump};`,
        `${nodes} elements`,
      ].join(" "),
    );
  });
}
