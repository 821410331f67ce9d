// The shop's menu, kept current by asking for its version now and then.

import { createClient } from "@connectrpc/connect";
import { signal } from "@preact/signals";
import { CatalogService } from "../gen/comanda/catalog/v1/catalog_service_pb.ts";
import type { Menu } from "../gen/comanda/catalog/v1/menu_pb.ts";
import { Backoff, pause } from "./retry.ts";
import { CALL_TIMEOUT_MS, SHOP, transport } from "./transport.ts";

const ASK_EVERY_MS = 5_000;

export const menu = signal<Menu | null>(null);
/** False when the menu shown may be older than usual. */
export const menuCurrent = signal(true);

const client = createClient(CatalogService, transport);

/** Asks once; a menu older than the one held is ignored, since another replica may be behind. */
export async function refreshMenu(): Promise<void> {
  const held = menu.peek();
  const reply = await client.getMenu(
    { shopId: SHOP, knownVersion: held?.version ?? 0n },
    { timeoutMs: CALL_TIMEOUT_MS },
  );
  if (reply.menu && reply.menu.version > (menu.peek()?.version ?? -1n)) menu.value = reply.menu;
  menuCurrent.value = !reply.stale;
}

/** Asks until the menu has changed, for a few seconds: the change is known to exist. */
export async function refreshUntilChanged(): Promise<void> {
  const before = menu.peek()?.version;
  for (let asked = 0; asked < 6; asked++) {
    await refreshMenu().catch(() => (menuCurrent.value = false));
    if (menu.peek()?.version !== before) return;
    await pause(500);
  }
}

export function followMenu(): () => void {
  const stopped = new AbortController();
  const backoff = new Backoff();
  const run = async () => {
    while (!stopped.signal.aborted) {
      let wait = ASK_EVERY_MS;
      try {
        // A hidden page is not read by anyone; becoming visible ends the pause.
        if (document.visibilityState === "visible" || !menu.peek()) await refreshMenu();
        backoff.reset();
      } catch {
        menuCurrent.value = false;
        wait = backoff.next();
      }
      await pause(wait, stopped.signal);
    }
  };
  void run();
  return () => stopped.abort();
}
