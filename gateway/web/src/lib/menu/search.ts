// Finds products by what people type, with or without accents. Pure.

import type { Category, Menu, Product } from "./resolve.ts";

/** From so many products on, looking through them all takes longer than typing. */
const MANY = 40;
/** So many are shown; who sees more would type on anyway. */
export const MAX_FOUND = 30;

export function isLong(menu: Pick<Menu, "products">): boolean {
  return menu.products.size > MANY;
}

export interface Found {
  /** Names that begin with what was typed come first; within that in menu order. */
  products: readonly Product[];
  /** How many there are in all. */
  count: number;
}

/**
 * Products of which every typed word is in the name, the description or the category's name, in whichever language of the
 * menu: people know some things by a name of another language.
 */
export function search(categories: readonly Category[], typed: string): Found {
  const query = fold(typed);
  const words = query.split(" ");
  const first: Product[] = [];
  const others: Product[] = [];
  for (const category of categories) {
    const home = foldedNames(category);
    for (const product of category.products) {
      const text = foldedText(product);
      if (!words.every((word) => text.includes(word) || home.includes(word))) continue;
      (text.startsWith(query) || text.includes(`\n${query}`) ? first : others).push(product);
    }
  }
  return { products: [...first, ...others].slice(0, MAX_FOUND), count: first.length + others.length };
}

/** Without accents, capitals and surplus space. */
export function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ").trim();
}

const folded = new WeakMap<Product, string>();

/** Each name begins a line; descriptions follow a space. */
function foldedText(product: Product): string {
  let text = folded.get(product);
  if (text === undefined) {
    const descriptions = [product, ...product.translations].map(({ description }) => fold(description)).join(" ");
    folded.set(product, (text = `${foldedNames(product)} ${descriptions}`));
  }
  return text;
}

function foldedNames(thing: Pick<Category, "name" | "translations">): string {
  return [thing, ...thing.translations].map(({ name }) => fold(name)).join("\n");
}
