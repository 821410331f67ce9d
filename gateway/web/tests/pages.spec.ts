// What holds for the pages whatever they show: small, closed to other origins, usable on a small phone. And proof that
// the examination of the other tests can fail.

import { gzipSync } from "node:zlib";
import { overflow, smallTargets, violations } from "./support/examine.ts";
import { orderOnPage, place } from "./support/orders.ts";
import { expect, test } from "./support/test.ts";

/** By gzip. */
const LIMIT = 60 * 1024;

test("S3, S5: each page's first scripts are small, compressed and kept for ever, and all comes from here", async ({ comanda, people }) => {
  const order = await place(comanda);
  const { staffToken, panelToken } = comanda;
  for (const path of ["/", order.path, `/painel#${panelToken}`, `/status#${staffToken}`, "/equipe", `/barista#${staffToken}`]) {
    const page = await people.device({});
    // What is fetched while the browser has nothing to do keeps nobody waiting.
    await page.addInitScript(() => Object.assign(globalThis, { requestIdleCallback: () => 0 }));
    const scripts: Array<Promise<Buffer>> = [];
    page.on("response", (response) => {
      if (response.url().endsWith(".js")) scripts.push(response.body());
    });
    const reply = await page.goto(path);
    await expect(page.locator("#app > *").first()).toBeVisible();
    const sizes = (await Promise.all(scripts)).map((script) => gzipSync(script).length);
    expect(sizes.length).toBeGreaterThan(1);
    expect(sizes.reduce((sum, size) => sum + size, 0), path).toBeLessThanOrEqual(LIMIT);
    expect(reply?.headers()["content-security-policy"]).toMatch(/^default-src 'self';/);
    const html = await reply!.text();
    expect(html).not.toMatch(/<script(?![^>]*src=)|<style|style="/);
    const [script] = /\/assets\/[\w.-]+\.js/.exec(html)!;
    const asset = await fetch(comanda.origin + script, { headers: { "accept-encoding": "br" } });
    expect(asset.headers.get("content-encoding")).toBe("br");
    expect(asset.headers.get("cache-control")).toContain("immutable");
  }
});

test("nothing is cut off on a small phone", async ({ people }) => {
  const page = await people.customer("/", { viewport: { width: 320, height: 568 } });
  await expect(page.getByRole("heading", { name: "Cafés", exact: true })).toBeVisible();
  expect(await overflow(page)).toBe(0);
  await page.getByRole("button", { name: /^Cappuccino/ }).tap();
  await expect(page.getByRole("dialog")).toBeVisible();
  expect(await overflow(page)).toBe(0);
  await page.getByRole("button", { name: "Fechar" }).tap();
  await orderOnPage(page, "Ana");
  expect(await overflow(page)).toBe(0);
});

test("S4: a page that is wrong does not pass the examination", async ({ people }) => {
  const page = await people.customer();
  await expect(page.getByRole("heading", { name: "Cafés", exact: true })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.evaluate(() => {
    const wrong = document.createElement("div");
    wrong.append(...["a", "b"].map((words) => Object.assign(document.createElement("button"), { textContent: words })));
    for (const button of wrong.querySelectorAll("button")) {
      Object.assign(button.style, { minHeight: "0", height: "12px", width: "12px", padding: "0", color: "#fff" });
    }
    const pale = Object.assign(document.createElement("p"), { textContent: "hard to read" });
    pale.style.color = "#ccc";
    wrong.append(pale);
    Object.assign(wrong.style, { width: "2000px", background: "#eee" });
    document.body.prepend(wrong);
    document.querySelector("html")!.removeAttribute("lang");
  });
  const found = (await violations(page)).map((violation) => violation.split(":")[0]);
  expect(new Set(found)).toEqual(new Set(["color-contrast", "html-has-lang", "target-size"]));
  expect(await smallTargets(page)).toHaveLength(2);
  expect(await overflow(page)).toBeGreaterThan(0);
});
