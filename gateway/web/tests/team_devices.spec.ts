// Devices, paired and let go on the staff page.

import { pill } from "./support/board.ts";
import { examine, overflow } from "./support/examine.ts";
import { button, DESK, heading, owner } from "./support/team.ts";
import { expect, TABLET, test } from "./support/test.ts";

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
  const tablet = await people.open(link!, DESK);
  await expect(pill(tablet)).toHaveText("Ao vivo");
  await expect(page.getByText("Tablet do balcão está conectado.")).toBeVisible();
  await button(page, "Fechar").tap();
  await expect(heading(page, "Tablet do balcão")).toBeVisible();
  await examine(page, "team-devices", "any");
  await button(page, "Encerrar acesso de Tablet do balcão").tap();
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
  const panel = await people.open(link!, DESK);
  await expect(panel.getByText("Nenhum pedido agora")).toBeVisible();
});
