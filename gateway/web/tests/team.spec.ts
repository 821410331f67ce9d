// People and devices, as managers and owners look after them.

import type { Page } from "@playwright/test";
import { pill } from "./support/board.ts";
import { examine, overflow } from "./support/examine.ts";
import { refuse } from "./support/grpc_web.ts";
import type { Comanda } from "./support/comanda.ts";
import { expect, TABLET, test, type People } from "./support/test.ts";

const desk = { viewport: TABLET };
const PASSWORD = "uma senha comprida";

const heading = (page: Page, name: string | RegExp) => page.getByRole("heading", { name });
const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name });

async function signIn(page: Page, login: string, password: string): Promise<void> {
  await page.getByLabel("Login").fill(login);
  await page.getByLabel("Senha").fill(password);
  await button(page, "Entrar").tap();
}

/** The owner, by the first link, with a password from then on. */
async function owner(comanda: Comanda, people: People): Promise<Page> {
  const page = await people.open(comanda.links.equipe, desk);
  await page.getByLabel("Nome").fill("Marina");
  await page.getByLabel("Login").fill("marina");
  await page.getByLabel("Senha").fill(PASSWORD);
  await button(page, "Salvar").tap();
  await expect(heading(page, "Pessoas")).toBeVisible();
  return page;
}

test("the first link opens once, and asks for a password", async ({ comanda, people }) => {
  const page = await people.open(comanda.links.equipe, desk);
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
  await button(page, "Sair").tap();
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
  const page = await people.open(comanda.links.equipe, desk);
  await button(page, "Agora não").tap();
  await expect(heading(page, "Pessoas")).toBeVisible();
});

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

  const manager = await people.open("/equipe", desk);
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
  await button(page, "Sair").tap();
  await signIn(page, "marina", "uma outra comprida");
  await expect(heading(page, "Pessoas")).toBeVisible();
});

test("a device is paired by the code shown, and its access ended", async ({ comanda, people }) => {
  const page = await owner(comanda, people);
  await button(page, "Aparelhos").tap();
  await expect(page.getByText("Nenhum aparelho conectado")).toBeVisible();
  await examine(page, "team-devices-none", "any");
  await button(page, "Conectar aparelho").tap();
  await page.getByLabel("Nome do aparelho").fill("Tablet do balcão");
  await examine(page, "team-device", "any");
  await button(page, "Criar código").tap();
  await expect(page.getByLabel(/^Código:/)).toHaveText(/^[A-Z2-9]{4}-[A-Z2-9]{4}$/);
  await expect(page.getByRole("timer")).toHaveText(/^Vale por (10:00|9:5\d)$/);
  await expect(page.getByRole("img", { name: /^QR code/ })).toBeVisible();
  await examine(page, "team-code", "any");
  await page.setViewportSize({ width: 360, height: 640 });
  expect(await overflow(page)).toBe(0);
  await page.setViewportSize(TABLET);

  const link = await page.getByRole("link", { name: "Abrir neste navegador" }).getAttribute("href");
  expect(link).toContain(`${comanda.origin}/barista#pair=`);
  const tablet = await people.open(link!, desk);
  await expect(pill(tablet)).toHaveText("Ao vivo");
  await expect(page.getByText("Tablet do balcão está conectado.")).toBeVisible();
  await button(page, "Fechar").tap();
  await expect(heading(page, "Tablet do balcão")).toBeVisible();
  await examine(page, "team-devices", "any");
  await button(page, "Encerrar o acesso de Tablet do balcão").tap();
  await page.getByRole("dialog").getByRole("button", { name: "Encerrar acesso" }).tap();
  await expect(page.getByText("Encerrados (1)")).toBeVisible();
  await expect(tablet.getByRole("alert")).toHaveText(/O acesso deste aparelho foi encerrado/);
});

test("a code for a panel opens the panel, of the shop that is managed", async ({ comanda, people }) => {
  const page = await owner(comanda, people);
  await button(page, "Aparelhos").tap();
  await button(page, "Conectar aparelho").tap();
  await page.getByLabel("Nome do aparelho").fill("Painel");
  await page.getByRole("radio", { name: "Painel de retirada" }).check({ force: true });
  await button(page, "Criar código").tap();
  const link = await page.getByRole("link", { name: "Abrir neste navegador" }).getAttribute("href");
  const panel = await people.open(link!, desk);
  await expect(panel.getByText("Nenhum pedido agora")).toBeVisible();
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
  await button(page, "Sair").tap();
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

test("whoever manages nothing changes only the own entry", async ({ comanda, people }) => {
  comanda.staff(["add", "Ana", "--login", "ana", "--password", "--pin"], `${PASSWORD}\n4821\n`);
  const page = await people.open("/equipe", desk);
  await signIn(page, "ana", PASSWORD);
  await expect(page.getByText("Aqui você muda o seu nome")).toBeVisible();
  await expect(button(page, "Aparelhos")).toHaveCount(0);
  await button(page, "Editar Ana").tap();
  await examine(page, "team-own", "any");
  await page.getByLabel("PIN").fill("9999");
  await page.getByLabel("A sua senha atual").fill(PASSWORD);
  await button(page, "Salvar").tap();
  await expect(page.getByRole("dialog")).toHaveCount(0);

  const tablet = await people.open(comanda.links.barista, desk);
  await tablet.getByRole("button", { name: /^Entrar/ }).tap();
  await tablet.getByRole("button", { name: "Ana", exact: true }).tap();
  await tablet.keyboard.type("9999");
  await tablet.keyboard.press("Enter");
  await expect(tablet.getByRole("button", { name: "Quem trabalha aqui: Ana" })).toBeVisible();
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
