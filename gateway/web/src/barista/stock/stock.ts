// Changes whether a product can be ordered.

import { effect, signal } from "@preact/signals";
import { explain } from "../../lib/call/errors.ts";
import { isolated } from "../../lib/text/foreign.ts";
import { menu } from "../../lib/menu/menu.ts";
import { newRequestId } from "../../lib/call/request_id.ts";
import type { Product } from "../../lib/menu/resolve.ts";
import { SHOP } from "../../lib/shop.ts";
import { staffText } from "../../lib/text/staff_text.ts";
import { admin, persist } from "../admin.ts";
import { createNotices } from "../notices.ts";

/** How long a product is sold out: for the rest of the shop's day, or until it is switched back. */
export type Stock = "available" | "today" | "until";

interface Wanted {
  stock: Stock;
  /** The version that shows it; null until the server has answered. */
  version: bigint | null;
}

/** So long the menu may take to show a change before the switch shows what the menu says. */
const TIMEOUT_MS = 15_000;

/** Products whose change the menu does not show yet, with what was asked for. */
export const wanted = signal<ReadonlyMap<string, Wanted>>(new Map());
export const stockNotices = createNotices();

export function stockOf(product: Product): Stock {
  if (product.available) return "available";
  return product.availableAgainTime ? "today" : "until";
}

export async function setStock(product: Product, stock: Stock): Promise<void> {
  const { productId, name } = product;
  if (wanted.peek().has(productId)) return; // A double tap.
  const before = stockOf(product);
  want(productId, { stock, version: null });
  stockNotices.dismiss(productId);
  const available = stock === "available";
  const forToday = stock === "today";
  const request = { shopId: SHOP, productId, available, forToday, requestId: newRequestId() };
  try {
    const { menuVersion } = await persist((options) => admin.setAvailability(request, options));
    const answered = { stock, version: menuVersion };
    want(productId, answered);
    forgetShown();
    setTimeout(() => wanted.peek().get(productId) === answered && want(productId, null), TIMEOUT_MS);
    stockNotices.notify({
      id: productId,
      text: staffText.stock.done[stock](isolated(name)),
      undo: () => {
        stockNotices.dismiss(productId);
        want(productId, null);
        void setStock({ ...product, available, ...again(product, stock) }, before);
      },
    });
  } catch (error) {
    want(productId, null);
    stockNotices.notify({ id: productId, text: staffText.stock.failed(isolated(name), explain(error)) });
  }
}

/** What stockOf shall find in the product that an undo starts from. */
function again(product: Product, stock: Stock): Pick<Product, "availableAgainTime"> {
  const some = { $typeName: "google.protobuf.Timestamp", seconds: 0n, nanos: 0 } as const;
  return { availableAgainTime: stock === "today" ? (product.availableAgainTime ?? some) : undefined };
}

function want(productId: string, what: Wanted | null): void {
  const next = new Map(wanted.peek());
  if (what) next.set(productId, what);
  else next.delete(productId);
  wanted.value = next;
}

/** What the menu shows by now is no longer merely wanted. */
function forgetShown(): void {
  const shown = menu.value?.version ?? -1n;
  const left = [...wanted.peek()].filter(([, { version }]) => version === null || version > shown);
  if (left.length < wanted.peek().size) wanted.value = new Map(left);
}

effect(forgetShown);
