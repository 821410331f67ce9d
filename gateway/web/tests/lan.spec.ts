// The shop's own network: staff's devices come by TLS with a CA of the shop's own, and learn at `/confiar` to trust it.
// Everybody else comes by plain http, and is warned of nothing.

import { createHash } from "node:crypto";
import { pill } from "./support/board.ts";
import type { Comanda } from "./support/comanda.ts";
import { examine } from "./support/examine.ts";
import { button, owner } from "./support/team.ts";
import { expect, TABLET, test as base } from "./support/test.ts";
import { deviceThatTrusts } from "./support/trust.ts";

/** Private ones of no machine here. */
const ADDRESS = "10.11.12.13";
const NAME = "comanda.local";
const SETTINGS = { COMANDA_LAN: "true", COMANDA_LAN_LISTEN: "127.0.0.1:0", COMANDA_LAN_ADDRESSES: ADDRESS };

const test = base.extend<{ lan: string }>({
  /** The port of the protected address. */
  lan: async ({ comanda }, use) => {
    const { lan } = await (await fetch(`${comanda.origin}/network.json`)).json();
    await use(new URL(lan.byAddress[0]).port);
  },
});

test.use({ network: true, settings: SETTINGS });

const certificate = async (comanda: Comanda) => Buffer.from(await (await fetch(`${comanda.origin}/ca.crt`)).arrayBuffer());

test("a tablet that trusts the shop opens the board by name and by address, and may stay awake", async ({
  comanda,
  lan,
  launchOptions,
}) => {
  const device = await deviceThatTrusts(await certificate(comanda), [NAME, ADDRESS], launchOptions);
  for (const host of [NAME, ADDRESS]) {
    const context = await device.browser.newContext({ viewport: TABLET, locale: "pt-BR" });
    const page = await context.newPage();
    await page.goto(`https://${host}:${lan}/barista${comanda.pair(`Tablet ${host}`, "barista")}`);
    await expect(pill(page)).toHaveText("Ao vivo");
    const has = await page.evaluate(async () => ({
      secure: isSecureContext,
      wakeLock: typeof navigator.wakeLock?.request,
      worker: typeof navigator.serviceWorker?.register,
      locks: typeof navigator.locks?.request,
    }));
    expect(has, host).toEqual({ secure: true, wakeLock: "function", worker: "function", locks: "function" });
    await expect(page.locator(".insecure")).toHaveCount(0);
    await page.goto(`https://${host}:${lan}/confiar`);
    await expect(page.getByRole("status")).toHaveText("Este aparelho já confia na loja");
    await context.close();
  }
  await device.forget();
});

test("a browser that does not trust the shop refuses the protected address", async ({ lan, launchOptions }) => {
  const device = await deviceThatTrusts(null, [NAME, ADDRESS], launchOptions);
  for (const host of [NAME, ADDRESS]) {
    const page = await device.browser.newPage();
    await expect(page.goto(`https://${host}:${lan}/barista`)).rejects.toThrow(/ERR_CERT_AUTHORITY_INVALID/);
  }
  await device.forget();
});

test("by plain http the board says what it lacks, and leads to how to mend it", async ({ comanda, people, lan }) => {
  const page = await people.barista();
  await expect(pill(page)).toHaveText("Ao vivo");
  expect(await page.evaluate(() => [isSecureContext, "wakeLock" in navigator, "serviceWorker" in navigator])).toEqual([
    false,
    false,
    false,
  ]);
  await expect(page.locator(".insecure")).toContainText("a tela pode apagar, e nada abre sem rede");
  await expect(page.getByRole("link", { name: "Como resolver" })).toBeVisible();
  await examine(page, "board-insecure", "tablet");
  await page.getByRole("link", { name: "Como resolver" }).tap();

  await expect(page).toHaveURL(`${comanda.origin}/confiar`);
  const shown = page.locator(".trust-fingerprint code");
  await expect(shown).toBeVisible();
  const ca = createHash("sha256").update(await certificate(comanda)).digest("hex").toUpperCase();
  expect((await shown.textContent())!.replace(/[:\s]/g, "")).toBe(ca);
  await expect(page.getByRole("link", { name: "Baixar o certificado" })).toHaveAttribute("href", "/ca.crt");
  await expect(page.getByRole("img", { name: `QR code que abre ${comanda.origin}/confiar` })).toBeVisible();
  const screens = page.getByRole("navigation", { name: "Abra a tela pelo endereço protegido" }).getByRole("link");
  await expect(screens).toHaveCount(3);
  expect(await screens.first().getAttribute("href")).toMatch(new RegExp(`^https://\\S+:${lan}/barista$`));
  await expect(page.locator("details[open] summary")).toHaveText("ChromeOS e Linux");
  await page.getByText("Android", { exact: true }).tap();
  await expect(page.getByText("Instalar um certificado → Certificado CA")).toBeVisible();
  await examine(page, "trust", "any");
});

test("a device that is to be connected is sent to the protected address", async ({ comanda, people, lan }) => {
  const page = await owner(comanda, people);
  await expect(page.locator(".insecure")).toBeVisible();
  await button(page, "Aparelhos").tap();
  await button(page, "Conectar aparelho").tap();
  await page.getByLabel("Nome do aparelho").fill("Tablet do balcão");
  await button(page, "Criar código").tap();
  const sentTo = new RegExp(`^QR code que abre https://\\S+:${lan}/barista com este código$`);
  await expect(page.getByRole("img", { name: sentTo })).toBeVisible();
  await expect(page.getByText(`abra nele antes ${comanda.origin}/confiar`)).toBeVisible();
  await examine(page, "team-code-lan", "any");
});

base.describe("a shop without a network of its own", () => {
  base.use({ settings: {} });

  base("it has nothing to trust, and its screens say what they lack", async ({ comanda, people }) => {
    for (const path of ["/confiar", "/confiar.html", "/ca.crt"]) {
      expect((await fetch(comanda.origin + path)).status, path).toBe(404);
    }
    for (const page of [await people.barista(), await people.panel()]) {
      await expect(page.locator(".insecure")).toBeVisible();
      await expect(page.locator(".insecure a")).toHaveCount(0);
    }
  });
});
