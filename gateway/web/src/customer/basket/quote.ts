// Asks the server what the basket costs.

import { createClient } from "@connectrpc/connect";
import { useEffect } from "preact/hooks";
import { OrderService } from "../../gen/comanda/orders/v1/order_service_pb.ts";
import { transport } from "../../lib/call/transport.ts";
import { SHOP } from "../../lib/shop.ts";
import { total, type PricedLine } from "./basket.ts";
import { NOTHING, questionOf, quote, wanted, type Quote } from "./quoted.ts";

const client = createClient(OrderService, transport);
/** People tap + several times; only the last of it is worth a question. */
const SETTLES_MS = 300;
/** The two learn of a change at different moments. */
const DIFFERS_MS = 1_500;

/** Asks anew whenever the basket or the menu has changed. */
export function useQuote(lines: readonly PricedLine[]): void {
  const key = questionOf(lines);
  useEffect(() => {
    if (key === NOTHING) {
      quote.value = null;
      return;
    }
    const stale = new AbortController();
    let asking = setTimeout(ask, SETTLES_MS);
    async function ask() {
      const told = await answer(lines, stale.signal);
      if (stale.signal.aborted) return;
      quote.value = told && { key, ...told };
      if (told && told.minorUnits !== total(lines)) asking = setTimeout(ask, DIFFERS_MS);
    }
    return () => {
      clearTimeout(asking);
      stale.abort();
    };
  }, [key]);
}

/** Without an answer the page's own sum stands; PlaceOrder decides anyway. */
async function answer(lines: readonly PricedLine[], signal: AbortSignal): Promise<Omit<Quote, "key"> | null> {
  const reply = await client.quoteOrder({ shopId: SHOP, lines: wanted(lines) }, { signal }).catch(() => null);
  if (!reply?.total) return null;
  return { minorUnits: reply.total.minorUnits, earliestWait: reply.earliestWait, latestWait: reply.latestWait };
}
