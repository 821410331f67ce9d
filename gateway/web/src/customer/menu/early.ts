// Asks for the menu while the page's scripts are still on their way: on a slow network that is a round trip less until
// there is something to choose. It is the page's own first question (lib/menu/menu.ts), only asked before; whoever asks it
// gets this answer (lib/call/early.ts). A script of its own, for it must be small and come first.

import { EARLY, type Early } from "../../lib/call/early.ts";
import { SHOP } from "../../lib/shop.ts";

const METHOD = "/comanda.catalog.v1.CatalogService/GetMenu";

/** GetMenuRequest { shop_id } as grpc-web frames it; the contract's field 1 is a text. */
function question(shop: string): Uint8Array<ArrayBuffer> {
  const id = new TextEncoder().encode(shop);
  return Uint8Array.of(0, 0, 0, 0, id.length + 2, 10, id.length, ...id);
}

// The page was faster: its scripts were here already, and have asked. A name of this length is no shop's.
if (!(EARLY in globalThis) && SHOP.length < 64) {
  const [body, stop] = [question(SHOP), new AbortController()];
  const headers = { "content-type": "application/grpc-web+proto", "x-grpc-web": "1", "grpc-timeout": "10000m" };
  const answer = fetch(METHOD, { method: "POST", headers, body, signal: stop.signal });
  // Told to whoever takes it, and to nobody else.
  answer.catch(() => undefined);
  const early: Early = { path: METHOD, body, answer, stop };
  Object.assign(globalThis, { [EARLY]: early });
}
