// Changes whether a product can be ordered.

import { createClient } from "@connectrpc/connect";
import { signal } from "@preact/signals";
import { CatalogAdminService } from "../gen/comanda/catalog/v1/catalog_admin_service_pb.ts";
import { explain, lacksAccess } from "../lib/errors.ts";
import { menu, refreshMenu } from "../lib/menu.ts";
import { pause, untilAnswered } from "../lib/retry.ts";
import { bearer, CALL_TIMEOUT_MS, SHOP, transport } from "../lib/transport.ts";

const TRIES = 4;

/** Products whose change the menu does not show yet, with what was asked for. */
export const wanted = signal<ReadonlyMap<string, boolean>>(new Map());
export const stockProblem = signal<string | null>(null);

const client = createClient(CatalogAdminService, transport);

export async function setAvailability(token: string, productId: string, available: boolean): Promise<void> {
  stockProblem.value = null;
  wanted.value = new Map(wanted.peek()).set(productId, available);
  const request = { shopId: SHOP, productId, available };
  const options = { headers: bearer(token), timeoutMs: CALL_TIMEOUT_MS };
  try {
    // Setting what is already so changes nothing, so a repeat needs no request_id.
    const { menuVersion } = await untilAnswered(() => client.setAvailability(request, options), {
      tries: TRIES,
      again: (error) => !lacksAccess(error),
    });
    await menuReaches(menuVersion);
  } catch (error) {
    stockProblem.value = explain(error);
  } finally {
    wanted.value = new Map([...wanted.peek()].filter(([id]) => id !== productId));
  }
}

/** A replica shows a change within a second; until then the menu here would still show the old state. */
async function menuReaches(version: bigint): Promise<void> {
  for (let asked = 0; asked < 10; asked++) {
    await refreshMenu().catch(() => undefined);
    if ((menu.peek()?.version ?? 0n) >= version) return;
    await pause(300);
  }
}
