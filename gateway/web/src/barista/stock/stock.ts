// Changes whether a product can be ordered.

import { effect, signal } from "@preact/signals";
import { explain, supportCode } from "../../lib/call/errors.ts";
import { isolated } from "../../lib/text/foreign.ts";
import { menu } from "../../lib/menu/menu.ts";
import { newRequestId } from "../../lib/call/request_id.ts";
import type { Product } from "../../lib/menu/resolve.ts";
import { SHOP } from "../../lib/shop.ts";
import { staffText } from "../../lib/text/staff_text.ts";
import { admin, persist } from "../admin.ts";

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
/** What could not be changed, by product. */
export const stockProblems = signal<readonly { id: string; text: string; code: string }[]>([]);
interface Change {
  before: Stock;
  /** What was done, for people. */
  text: string;
}

/** What was changed here last, by product, since the list was opened. */
export const changes = signal<ReadonlyMap<string, Change>>(new Map());

export function dismissProblem(productId: string): void {
  stockProblems.value = stockProblems.value.filter(({ id }) => id !== productId);
}

export function stockOf(product: Product): Stock {
  if (product.available) return "available";
  return product.availableAgainTime ? "today" : "until";
}

export async function setStock(product: Product, stock: Stock): Promise<void> {
  const { productId, name } = product;
  if (wanted.peek().has(productId)) return; // A double tap.
  const before = stockOf(product);
  want(productId, { stock, version: null });
  dismissProblem(productId);
  const available = stock === "available";
  const forToday = stock === "today";
  const request = { shopId: SHOP, productId, available, forToday, requestId: newRequestId() };
  try {
    const { menuVersion } = await persist((options) => admin.setAvailability(request, options));
    const answered = { stock, version: menuVersion };
    want(productId, answered);
    forgetShown();
    setTimeout(() => wanted.peek().get(productId) === answered && want(productId, null), TIMEOUT_MS);
    changes.value = new Map(changes.peek()).set(productId, { before, text: staffText.stock.done[stock](isolated(name)) });
  } catch (error) {
    want(productId, null);
    const text = staffText.stock.failed(isolated(name), explain(error));
    stockProblems.value = [...stockProblems.peek(), { id: productId, text, code: supportCode(error) }];
  }
}

/** The row stays where it is, so its undo is good for as long as the dialog is open. */
export function undoStock(product: Product): void {
  const change = changes.peek().get(product.productId);
  if (!change) return;
  want(product.productId, null);
  void setStock(product, change.before).then(() => {
    changes.value = new Map([...changes.peek()].filter(([id]) => id !== product.productId));
  });
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
