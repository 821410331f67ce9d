// The shop's menu, kept current by asking for its version now and then.

import { createClient, type ConnectError } from "@connectrpc/connect";
import { signal } from "@preact/signals";
import { CatalogService } from "../gen/comanda/catalog/v1/catalog_service_pb.ts";
import type { Menu } from "../gen/comanda/catalog/v1/menu_pb.ts";
import { isUnreachable } from "./errors.ts";
import { Backoff, pause } from "./retry.ts";
import { CALL_TIMEOUT_MS, SHOP, transport } from "./transport.ts";

const ASK_EVERY_MS = 5_000;

/** How far the menu held, if any, can be trusted. */
export type MenuHealth =
  | { state: "loading" }
  | { state: "current" }
  /** The server says that it may be older than usual. */
  | { state: "stale" }
  | { state: "offline" }
  | { state: "failed"; error: ConnectError };

export const menu = signal<Menu | null>(null);
export const menuHealth = signal<MenuHealth>({ state: "loading" });
/** When the menu held was last confirmed, by this device's clock. */
export const menuTime = signal(0);

const client = createClient(CatalogService, transport);

/** Asks once; a menu older than the one held is ignored, since another replica may be behind. */
export async function refreshMenu(): Promise<void> {
  const held = menu.peek();
  try {
    const reply = await client.getMenu(
      { shopId: SHOP, knownVersion: held?.version ?? 0n },
      { timeoutMs: CALL_TIMEOUT_MS },
    );
    if (reply.menu && reply.menu.version > (menu.peek()?.version ?? -1n)) menu.value = reply.menu;
    if (!reply.stale) menuTime.value = Date.now();
    menuHealth.value = { state: reply.stale ? "stale" : "current" };
  } catch (error) {
    menuHealth.value = isUnreachable(error) ? { state: "offline" } : { state: "failed", error: error as ConnectError };
    throw error;
  }
}

/** Asks until the menu has changed, for a few seconds: the change is known to exist. */
export async function refreshUntilChanged(): Promise<void> {
  const before = menu.peek()?.version;
  for (let asked = 0; asked < 6; asked++) {
    await refreshMenu().catch(() => undefined);
    if (menu.peek()?.version !== before) return;
    await pause(500);
  }
}

let waiting = new AbortController();

export function tryMenuNow(): void {
  waiting.abort();
}

export function followMenu(): () => void {
  let stopped = false;
  const backoff = new Backoff();
  const run = async () => {
    while (!stopped) {
      let wait = ASK_EVERY_MS;
      try {
        // A hidden page is not read by anyone; becoming visible ends the pause.
        if (document.visibilityState === "visible" || !menu.peek()) await refreshMenu();
        backoff.reset();
      } catch {
        wait = backoff.next();
      }
      waiting = new AbortController();
      await pause(wait, waiting.signal);
    }
  };
  // The browser knows at once; the next question would find out only later.
  const offline = () => (menuHealth.value = { state: "offline" });
  addEventListener("offline", offline);
  void run();
  return () => {
    stopped = true;
    removeEventListener("offline", offline);
    waiting.abort();
  };
}
