// The choices about one product.

import { examine } from "./support/examine.ts";
import { importMenu } from "./support/menu.ts";
import { expect, test } from "./support/test.ts";

const size = {
  key: "tamanho",
  name: "Tamanho",
  min: 1,
  max: 1,
  options: [{ key: "p", name: "Pequeno", default: true }, { key: "g", name: "Grande", price_delta: "2.00" }],
};
const toppings = {
  key: "coberturas",
  name: "Coberturas",
  min: 2,
  max: 2,
  options: [{ key: "a", name: "Granola" }, { key: "b", name: "Banana", price_delta: "1.50" }, { key: "c", name: "Mel" }],
};

test("C2: choices are radio buttons or check boxes with what they add; a rule that is broken is told", async ({ comanda, people }) => {
  const bowl = { name: "Açaí", price: "10.00", optionGroups: ["tamanho", "coberturas"] };
  await importMenu(comanda, { optionGroups: [size, toppings], categories: { Tigelas: [bowl] } });
  const page = await people.customer();
  await page.getByRole("button", { name: /^Açaí/ }).tap();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("radio", { name: /Grande.*\+R\$.2,00/ })).not.toBeChecked();
  await expect(dialog.getByRole("checkbox", { name: /Banana.*\+R\$.1,50/ })).not.toBeChecked();
  const group = dialog.getByRole("group", { name: "Coberturas" });
  await expect(group).toHaveAccessibleDescription("Escolha 2");

  const add = dialog.getByRole("button", { name: /^Adicionar ·/ });
  await add.tap();
  await expect(group).toHaveAccessibleDescription("Faltam 2 escolhas.");
  await expect(group.getByRole("checkbox").first()).toBeFocused();
  await examine(page, "product-too-few", "any");
  for (const name of [/Granola/, /Banana/]) await dialog.getByRole("checkbox", { name }).check();
  await expect(dialog.getByRole("checkbox", { name: /Mel/ }), "a full group takes no more").toBeDisabled();
  await dialog.getByRole("radio", { name: /Grande/ }).check();
  for (const button of await dialog.locator(".stepper button").all()) {
    const box = (await button.boundingBox())!;
    expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(44);
  }
  await dialog.getByRole("button", { name: "Mais Açaí" }).tap();
  await expect(add).toHaveText(/27,00$/);
  await add.tap();
  await page.getByRole("link", { name: /Ver pedido · 2 itens/ }).tap();
  await expect(page.locator(".basket-lines li")).toContainText("Grande, Granola, Banana");
});
