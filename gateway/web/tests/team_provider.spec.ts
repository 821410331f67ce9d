// Signing in by an OpenID Connect provider: a real one, with its own pages.

import { writeFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { Comanda } from "./support/comanda.ts";
import { examine } from "./support/examine.ts";
import { freePorts, Provider } from "./support/provider.ts";
import { button, DESK, heading, owner } from "./support/team.ts";
import { expect, test as base } from "./support/test.ts";

const test = base.extend<{ secret: string; provider: Provider }>({
  secret: ["", { option: true }],
  provider: async ({ secret }, use) => {
    const [port, own] = await freePorts(2);
    const provider = new Provider(port!, `http://127.0.0.1:${own}/equipe`, secret);
    await provider.start();
    await use(provider);
    await provider.stop();
  },
  comanda: async ({ provider, secret }, use, info) => {
    const file = info.outputPath("client.secret");
    await writeFile(file, `${secret}\n`);
    const origin = new URL(provider.redirectUri).origin;
    const settings = {
      COMANDA_PUBLIC_URL: origin,
      COMANDA_OIDC_ISSUER: provider.origin,
      COMANDA_OIDC_CLIENT_ID: "comanda",
      COMANDA_OIDC_NAME: "Contas do Café",
      COMANDA_OIDC_ROLES: "donos=OWNER gerentes=MANAGER@main",
      ...(secret !== "" && { COMANDA_OIDC_CLIENT_SECRET_FILE: file }),
    };
    const comanda = await Comanda.start({ settings, origin });
    await use(comanda);
    await comanda.stop();
  },
});

test.beforeEach(({ people, provider }) => people.mayLeaveFor(provider.origin));

const ENTER = "Entrar com Contas do Café";

/** At the provider's own pages. */
async function identify(page: Page, login: string): Promise<void> {
  await page.getByPlaceholder("Enter any login").fill(login);
  await page.getByPlaceholder("and password").fill("any");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
}

// The second has what must be encoded in a header.
for (const secret of ["", "se:cr+et/ %&="]) {
  test.describe(secret ? "with a client's secret" : "as a public client", () => {
    test.use({ secret });
    test("a manager comes in by the provider's pages, and stays for a shift", async ({ comanda, people }) => {
      const page = await people.open("/equipe", DESK);
      await examineSignIn(page);
      await button(page, ENTER).tap();
      await identify(page, "ana");
      await expect(heading(page, /^Ana Lúcia/)).toContainText("você");
      expect(page.url(), "nothing of the way is left").toBe(`${comanda.origin}/equipe`);
      await expect(page.getByText("Gerente · ana · main")).toBeVisible();
      await expect(page.getByText("Conta externa")).toBeVisible();
      await page.reload();
      await expect(heading(page, /^Ana Lúcia/), "the session goes on").toBeVisible();
      await page.goBack();
      await expect(page, "the code is not in the history").not.toHaveURL(/code=/);
    });
  });
}

async function examineSignIn(page: Page): Promise<void> {
  await expect(button(page, ENTER)).toBeVisible();
  await examine(page, "team-sign-in-provider", "any");
}

test("who is in no group that means something here is refused, and the owner reads so", async ({ comanda, people }) => {
  const page = await people.open("/equipe", DESK);
  await button(page, ENTER).tap();
  await identify(page, "bia");
  await expect(page.getByRole("alert")).toHaveText("A sua conta não tem papel nesta loja. Fale com quem a gerencia.");
  const other = await owner(comanda, people);
  await button(other, "Segurança").tap();
  await expect(other.getByText("Contas do Café: Bia, no role here")).toBeVisible();
});

test("keys may change between two sign-ins", async ({ people, provider }) => {
  for (const times of ["first", "second"]) {
    const page = await people.open("/equipe", DESK);
    await button(page, ENTER).tap();
    await identify(page, "ana");
    await expect(heading(page, /^Ana Lúcia/), times).toBeVisible();
    await provider.stop();
    await provider.start();
  }
});

test("an answer that this tab did not ask for signs nobody in", async ({ people }) => {
  const page = await people.open("/equipe?code=x&state=y", DESK);
  await expect(page.getByRole("alert")).toHaveText(/não começou nesta aba/);
  await expect(page).not.toHaveURL(/code/);
  await button(page, ENTER).tap();
  await page.getByPlaceholder("Enter any login").waitFor();
  await page.goto("/equipe?code=x&state=y");
  await expect(page.getByRole("alert")).toHaveText(/não começou nesta aba/);
});

test("who says no at the provider is told so", async ({ people }) => {
  const page = await people.open("/equipe", DESK);
  await button(page, ENTER).tap();
  await page.getByRole("link", { name: /Cancel/ }).click();
  await expect(page.getByRole("alert")).toHaveText(/foi cancelada/);
});

test("a provider that is away keeps nobody else out, and says so", async ({ comanda, people, provider }) => {
  await provider.stop();
  const page = await people.open("/equipe", DESK);
  await button(page, ENTER).tap();
  await expect(page.getByRole("alert")).toHaveText(/O serviço de contas não responde agora/);
  await examine(page, "team-provider-away", "any");
  const other = await owner(comanda, people);
  await expect(heading(other, "Pessoas")).toBeVisible();

  await provider.start();
  await button(page, ENTER).tap();
  await page.route("**/SignIn", async (route) => {
    await provider.stop();
    await route.continue();
  });
  await identify(page, "ana");
  await expect(page.getByRole("alert"), "gone while somebody was there").toHaveText(/não responde agora/);
});
