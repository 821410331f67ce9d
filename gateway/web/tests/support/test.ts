// What every browser test has: a shop of its own, and people who open its pages. Each person has a device of their own;
// whatever any of them meets that no page may do fails the test.

import { test as base, expect, type Browser, type BrowserContextOptions, type Page } from "@playwright/test";
import { Comanda } from "./comanda.ts";

export { expect };

export const PHONE = { width: 390, height: 844 };
export const TABLET = { width: 1280, height: 800 };
export const TABLET_UPRIGHT = { width: 800, height: 1280 };

/** Where products have their pictures; tests answer for it. */
export const PICTURES = "https://pictures.example/";

export class People {
  private readonly faults: string[] = [];
  private readonly pages: Page[] = [];
  private elsewhere: string | null = null;
  private missing = false;

  constructor(
    private readonly browser: Browser,
    private readonly comanda: Comanda,
    private readonly serviceWorkers: "allow" | "block",
  ) {}

  /** People may be sent to this origin; what its pages do is not ours. */
  mayLeaveFor(origin: string): void {
    this.elsewhere = origin;
  }

  /** Files that are not there are what the test is about. */
  expectsMissingFiles(): void {
    this.missing = true;
  }

  customer(path = "/", options: BrowserContextOptions = {}): Promise<Page> {
    return this.open(path, { viewport: PHONE, isMobile: true, ...options });
  }

  barista(options: BrowserContextOptions = {}): Promise<Page> {
    return this.open(`/barista#${this.comanda.staffToken}`, { viewport: TABLET, ...options });
  }

  panel(options: BrowserContextOptions = {}): Promise<Page> {
    return this.open(`/painel#${this.comanda.panelToken}`, { viewport: TABLET, ...options });
  }

  async open(path: string, options: BrowserContextOptions): Promise<Page> {
    const page = await this.device(options);
    await page.goto(path);
    return page;
  }

  /** A device that has opened nothing yet. */
  async device(options: BrowserContextOptions): Promise<Page> {
    const context = await this.browser.newContext({
      baseURL: this.comanda.origin,
      hasTouch: true,
      locale: "pt-BR",
      timezoneId: "America/Sao_Paulo",
      reducedMotion: "reduce",
      serviceWorkers: this.serviceWorkers,
      ...options,
    });
    const page = await context.newPage();
    this.pages.push(page);
    page.on("pageerror", (error) => this.faults.push(`${page.url()}: ${error}`));
    page.on("console", (message) => {
      // A shop that is away is what some tests are about.
      const away = message.text().startsWith("Failed to load resource: net::ERR_");
      const missing = this.missing && /status of 404|^Refused to apply style/.test(message.text());
      const ours = !away && !missing && !this.isElsewhere(page.url());
      if (message.type() === "error" && ours) this.faults.push(`${page.url()}: ${message.text()}`);
    });
    page.on("request", (request) => {
      const expected = request.url().startsWith(PICTURES) || new URL(request.url()).origin === this.comanda.origin;
      if (!expected && !this.isElsewhere(request.url(), page.url())) this.faults.push(`asked elsewhere: ${request.url()}`);
    });
    return page;
  }

  private isElsewhere(...urls: string[]): boolean {
    return this.elsewhere !== null && urls.some((url) => url.startsWith(`${this.elsewhere}/`));
  }

  async leave(): Promise<string[]> {
    await Promise.all(this.pages.map((page) => page.context().close()));
    return this.faults;
  }
}

interface Fixtures {
  encrypted: boolean;
  network: boolean;
  settings: Record<string, string>;
  comanda: Comanda;
  people: People;
}

export const test = base.extend<Fixtures>({
  encrypted: [false, { option: true }],
  network: [false, { option: true }],
  settings: [{}, { option: true }],
  comanda: async ({ encrypted, network, settings }, use) => {
    const comanda = await Comanda.start({ encrypted, network, settings });
    await use(comanda);
    await comanda.stop();
  },
  people: async ({ browser, comanda, serviceWorkers }, use) => {
    const people = new People(browser, comanda, serviceWorkers);
    await use(people);
    expect(await people.leave(), "no errors on the console, no other origin").toEqual([]);
  },
});

/** Leaves a mark in the document, so that `isSameDocument` can tell a reload. */
export async function markDocument(page: Page): Promise<void> {
  await page.evaluate(() => Object.assign(globalThis, { marked: true }));
}

export function isSameDocument(page: Page): Promise<boolean> {
  return page.evaluate(() => "marked" in globalThis);
}
