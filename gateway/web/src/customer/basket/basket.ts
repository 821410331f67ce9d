// What the customer has picked so far. Pure; every change makes a new basket.

import type { Menu, Product } from "../../lib/menu/resolve.ts";
import { isAllowed, unitPrice } from "./pricing.ts";

export const MAX_LINES = 50;
export const MAX_PIECES = 99;

export interface BasketLine {
  productId: string;
  /** Kept so that the line can still be named when the product has left the menu. */
  name: string;
  quantity: number;
  /** In menu order. */
  optionIds: string[];
  note: string;
  /** What must not be in it. */
  allergy: string;
  /** Minor units of one piece when it was picked, to show when the price has changed since. */
  pickedPrice: string;
}

export type Basket = readonly BasketLine[];

/** The same product, options and wishes share a line. */
export function add(basket: Basket, line: BasketLine): Basket {
  const same = basket.findIndex((other) => keyOf(other) === keyOf(line));
  if (same < 0) return basket.length < MAX_LINES ? [...basket, line] : basket;
  return setQuantity(basket, same, basket[same]!.quantity + line.quantity);
}

export function setQuantity(basket: Basket, index: number, quantity: number): Basket {
  if (quantity < 1) return basket.filter((_, at) => at !== index);
  return replace(basket, index, { quantity: Math.min(quantity, MAX_PIECES) });
}

/** What a customer may write about a line. */
export type Wish = "note" | "allergy";

export function setWish(basket: Basket, index: number, wish: Wish, words: string): Basket {
  return replace(basket, index, { [wish]: words });
}

/** One piece less of a product: of a line without wishes where there is one. */
export function takeBack(basket: Basket, productId: string): Basket {
  const mine = basket.flatMap((line, at) => (line.productId === productId ? [{ line, at }] : []));
  const plain = mine.find(({ line }) => !line.note.trim() && !line.allergy.trim());
  const from = plain ?? mine.at(-1);
  return from ? setQuantity(basket, from.at, from.line.quantity - 1) : basket;
}

export interface PricedLine extends BasketLine {
  /** Absent when the menu no longer has it, or not with these options. */
  product: Product | undefined;
  /** Minor units of one piece, today. */
  price: bigint;
  problem: "gone" | "soldOut" | null;
}

/** The basket at today's menu. */
export function price(basket: Basket, menu: Pick<Menu, "products">): PricedLine[] {
  return basket.map((line) => {
    const found = menu.products.get(line.productId);
    const product = found && isAllowed(found, line.optionIds) ? found : undefined;
    const price = product ? unitPrice(product, line.optionIds).minorUnits : BigInt(line.pickedPrice);
    return { ...line, product, price, problem: !product ? "gone" : product.available ? null : "soldOut" };
  });
}

export function total(lines: readonly PricedLine[]): bigint {
  return lines.reduce((sum, line) => (line.problem ? sum : sum + line.price * BigInt(line.quantity)), 0n);
}

export function pieces(basket: Basket): number {
  return basket.reduce((sum, line) => sum + line.quantity, 0);
}

/** Pieces by product. */
export function picked(basket: Basket): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { productId, quantity } of basket) counts.set(productId, (counts.get(productId) ?? 0) + quantity);
  return counts;
}

type Wished = Pick<BasketLine, "productId" | "optionIds" | Wish>;

/** Tells lines apart, whatever their quantity. */
export function keyOf({ productId, optionIds, note, allergy }: Wished): string {
  return JSON.stringify([productId, optionIds, note.trim(), allergy.trim()]);
}

/** Reads a stored basket; anything unfit is left out, since it may come from another release. */
export function parseBasket(stored: string | null): Basket {
  try {
    const lines: unknown = JSON.parse(stored ?? "[]");
    return Array.isArray(lines) ? lines.filter(isLine).slice(0, MAX_LINES) : [];
  } catch {
    return [];
  }
}

function isLine(value: unknown): value is BasketLine {
  const line = value as BasketLine;
  return (
    typeof value === "object" &&
    value !== null &&
    typeof line.productId === "string" &&
    typeof line.name === "string" &&
    Number.isInteger(line.quantity) &&
    line.quantity >= 1 &&
    line.quantity <= MAX_PIECES &&
    Array.isArray(line.optionIds) &&
    line.optionIds.every((id) => typeof id === "string") &&
    typeof line.note === "string" &&
    typeof line.allergy === "string" &&
    typeof line.pickedPrice === "string" &&
    /^-?\d+$/.test(line.pickedPrice)
  );
}

function replace(basket: Basket, index: number, change: Partial<BasketLine>): Basket {
  return basket.map((line, at) => (at === index ? { ...line, ...change } : line));
}
