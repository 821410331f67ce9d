// How managers and owners come to the staff page, and stay.

import { examine } from "./support/examine.ts";
import { refuse } from "./support/grpc_web.ts";
import { button, DESK, heading, owner, PASSWORD, signIn, signOut } from "./support/team.ts";
import { expect, test } from "./support/test.ts";

test("the first link opens once, and asks for a password", async ({ comanda, people }) => {
  const page = await people.open(comanda.links.equipe, DESK);
  await expect(heading(page, "Boas-vindas")).toBeVisible();
  expect(page.url()).not.toContain("#");
  await examine(page, "team-first", "any");
  await page.getByLabel("Senha").fill("curta");
  await button(page, "Salvar").tap();
  await expect(page.getByText("pelo menos 10 caracteres.").last()).toBeVisible();
  await page.getByLabel("Nome").fill("Marina");
  await page.getByLabel("Login").fill("marina");
  await page.getByLabel("Senha").fill(PASSWORD);
  await button(page, "Salvar").tap();
  await expect(heading(page, /^Marina/)).toContainText("você");

  await page.reload();
  await expect(heading(page, /^Marina/), "the session goes on").toBeVisible();
  await signOut(page);
  await page.reload();
  await expect(heading(page, "Entrar")).toBeVisible();
  await examine(page, "team-sign-in", "any");
  await page.goto(comanda.links.equipe);
  await expect(page.getByRole("alert")).toHaveText(/Este link já foi usado/);
  await signIn(page, "marina", "errada errada");
  await expect(page.getByRole("alert")).toHaveText("Login ou senha não conferem.");
  await examine(page, "team-refused", "any");
  await signIn(page, "marina", PASSWORD);
  await expect(heading(page, "Pessoas")).toBeVisible();

  await button(page, "Segurança").tap();
  await expect(page.getByText("Entrada recusada").first()).toBeVisible();
  await examine(page, "team-log", "any");
});

test("the password may wait", async ({ comanda, people }) => {
  const page = await people.open(comanda.links.equipe, DESK);
  await button(page, "Agora não").tap();
  await expect(heading(page, "Pessoas")).toBeVisible();
});

test("tabs of one browser share the session, and leave together", async ({ comanda, people }) => {
  const page = await owner(comanda, people);
  const tabs = [page];
  for (let more = 0; more < 3; more++) tabs.push(await page.context().newPage());
  // A refresh token is good once: without taking turns one of these would end the session for all.
  for (let times = 0; times < 3; times++) {
    await Promise.all(tabs.map((tab) => tab.goto("/equipe")));
    for (const tab of tabs) await expect(heading(tab, /^Marina/)).toBeVisible();
  }
  await signOut(page);
  for (const tab of tabs) await expect(heading(tab, "Entrar")).toBeVisible();
});

test("a worn access token is replaced while the page is open", async ({ comanda, people }) => {
  const page = await owner(comanda, people);
  await page.route("**/ListDevices", (route) => route.continue({ headers: { ...route.request().headers(), authorization: "Bearer e30.e30.e30" } }), { times: 1 });
  const renewed = page.waitForResponse("**/Refresh");
  await button(page, "Aparelhos").tap();
  await renewed;
  await expect(page.getByText("Nenhum aparelho conectado")).toBeVisible();
});

test("while Identity is away the page says so, and opens when it is back", async ({ comanda, people }) => {
  const page = await owner(comanda, people);
  await refuse(page, "ListDevices");
  await button(page, "Aparelhos").tap();
  await expect(page.getByText("A lista de aparelhos não veio")).toBeVisible();
  await examine(page, "team-failed", "any");
  await page.route("**/Refresh", (route) => route.abort("connectionrefused"));
  await page.reload();
  await expect(page.getByText("Não dá para entrar agora")).toBeVisible();
  await page.unroute("**/Refresh");
  await button(page, "Tentar agora").tap();
  await expect(heading(page, "Pessoas")).toBeVisible();
});

test("a shop without a provider shows no button", async ({ people }) => {
  const page = await people.device(DESK);
  const asked = page.waitForResponse("**/GetSignInOptions");
  await page.goto("/equipe");
  await asked;
  await expect(button(page, /^Entrar/)).toHaveCount(1);
});
