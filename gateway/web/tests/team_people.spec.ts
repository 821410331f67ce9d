// The people of a shop, on the staff page.

import { examine } from "./support/examine.ts";
import { button, DESK, heading, owner, PASSWORD, signIn, signOut } from "./support/team.ts";
import { expect, test } from "./support/test.ts";

test("people are added, changed and let go, by keyboard too", async ({ comanda, people }) => {
  const page = await owner(comanda, people);
  await button(page, "Adicionar pessoa").focus();
  await page.keyboard.press("Enter");
  await page.getByLabel("Nome").fill("João D'Ávila");
  await expect(page.getByLabel("Login")).toHaveValue("joao.d.avila");
  await page.getByLabel("PIN").fill("12");
  await page.keyboard.press("Enter");
  await expect(page.getByText("O PIN tem de 4 a 8 números.")).toBeVisible();
  await expect(page.getByLabel("PIN")).toBeFocused();
  await examine(page, "team-person", "any");
  await page.getByLabel("PIN").fill("1234");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  const card = page.getByRole("listitem").filter({ hasText: "João D'Ávila" });
  await expect(card).toContainText("Barista · joao.d.avila · main");
  await examine(page, "team-people", "any");

  await button(page, "Editar João D'Ávila").tap();
  await page.getByLabel("Login").fill("marina");
  await button(page, "Salvar").tap();
  await expect(page.getByText("Este login já é de outra pessoa")).toBeVisible();
  await page.getByLabel("Login").fill("joao");
  await page.getByRole("radio", { name: "Gerente" }).check({ force: true });
  await page.getByLabel("Senha").fill("outra senha comprida");
  await button(page, "Salvar").tap();
  await expect(card).toContainText("Gerente · joao · main");

  const manager = await people.open("/equipe", DESK);
  await signIn(manager, "joao", "outra senha comprida");
  await expect(heading(manager, /^João/)).toContainText("você");
  await button(manager, "Adicionar pessoa").tap();
  await expect(manager.getByRole("radio")).toHaveCount(2);
  await button(manager, "Fechar").tap();

  await button(page, "João D'Ávila saiu da equipe").tap();
  await examine(page, "team-archive", "any");
  await button(page, "Sim, saiu").tap();
  await expect(page.getByText("Quem saiu (1)")).toBeVisible();
  await button(manager, "Aparelhos").tap();
  await expect(manager.getByText("A sua sessão terminou. Entre de novo.")).toBeVisible();
});

test("one's own password changes without signing in again", async ({ comanda, people }) => {
  const page = await owner(comanda, people);
  await button(page, "Editar Marina").tap();
  await page.getByLabel("Senha", { exact: true }).fill("uma outra comprida");
  await page.getByLabel("A sua senha atual").fill("não é esta aqui");
  await button(page, "Salvar").tap();
  await expect(page.getByText("A senha atual não confere.")).toBeVisible();
  await page.getByLabel("A sua senha atual").fill(PASSWORD);
  await button(page, "Salvar").tap();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await button(page, "Aparelhos").tap();
  await expect(page.getByText("Nenhum aparelho conectado")).toBeVisible();
  await signOut(page);
  await signIn(page, "marina", "uma outra comprida");
  await expect(heading(page, "Pessoas")).toBeVisible();
});

test("whoever manages nothing changes only the own entry", async ({ comanda, people }) => {
  comanda.staff(["add", "Ana", "--login", "ana", "--password", "--pin"], `${PASSWORD}\n4821\n`);
  const page = await people.open("/equipe", DESK);
  await signIn(page, "ana", PASSWORD);
  await expect(page.getByText("Aqui você muda o seu nome")).toBeVisible();
  await expect(button(page, "Aparelhos")).toHaveCount(0);
  await button(page, "Editar Ana").tap();
  await examine(page, "team-own", "any");
  await page.getByLabel("PIN").fill("9999");
  await page.getByLabel("A sua senha atual").fill(PASSWORD);
  await button(page, "Salvar").tap();
  await expect(page.getByRole("dialog")).toHaveCount(0);

  const tablet = await people.open(comanda.links.barista, DESK);
  await tablet.getByRole("button", { name: /^Entrar/ }).tap();
  await tablet.getByRole("button", { name: "Ana", exact: true }).tap();
  await tablet.keyboard.type("9999");
  await tablet.keyboard.press("Enter");
  await expect(tablet.getByRole("button", { name: "Quem trabalha aqui: Ana" })).toBeVisible();
});
