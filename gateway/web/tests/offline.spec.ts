// With the shop out of reach a page still opens, and says so.

import { orderOnPage, place } from "./support/orders.ts";
import { expect, test } from "./support/test.ts";

test.use({ serviceWorkers: "allow" });

for (const [path, words] of [
  ["/", "Sem conexão com a loja"],
  ["/barista", "Sem conexão com a loja"],
  ["/painel", "Sem conexão com a loja"],
  ["/status", "Sem conexão com a loja"],
  ["/acompanhar", "Sem conexão com a loja"],
  ["/equipe", "Entrar"],
] as const) {
  test(`S6: ${path} opens without the shop`, async ({ comanda, people }) => {
    const { staffToken, panelToken } = comanda;
    const order = path === "/acompanhar" ? (await place(comanda)).path.split("#")[1] : undefined;
    const secret = { "/barista": staffToken, "/painel": panelToken, "/status": staffToken, "/acompanhar": order }[path as string];
    const page = await people.customer(secret ? `${path}#${secret}` : path);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await comanda.kill();
    await page.reload();
    await expect(page.getByText(words).first()).toBeVisible();
  });
}

test("S6: what the shop answers is not kept", async ({ people }) => {
  const page = await people.customer();
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.reload();
  await orderOnPage(page, "Ana");
  const kept = await page.evaluate(async () => {
    const requests = (await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url));
    return (await Promise.all(requests)).flat().map((url) => new URL(url).pathname);
  });
  expect(kept.length).toBeGreaterThan(5);
  expect(kept.filter((path) => !/^\/(assets\/[\w.-]+|(index|acompanhar)\.html|(boot|early)\.js)$/.test(path))).toEqual([]);
});

test("a page can be put on the home screen", async ({ comanda, people }) => {
  const page = await people.device({});
  for (const [path, display] of [["/", "standalone"], ["/barista", "fullscreen"], ["/painel", "fullscreen"]] as const) {
    await page.goto(path);
    const address = await page.locator('link[rel="manifest"]').getAttribute("href");
    const manifest = await (await fetch(comanda.origin + address)).json();
    expect(manifest).toMatchObject({ start_url: path, display });
    for (const { src, sizes, type } of manifest.icons) {
      const icon = await fetch(comanda.origin + src);
      expect(icon.headers.get("content-type")).toBe(type);
      expect(sizes).toBe(`${pngWidth(await icon.arrayBuffer())}x${pngWidth(await (await fetch(comanda.origin + src)).arrayBuffer())}`);
    }
  }
});

/** A PNG says its width in the 17th to 20th byte. */
function pngWidth(file: ArrayBuffer): number {
  return new DataView(file).getUint32(16);
}
