// The stations of a shop: those that its menu names.

import type { Menu } from "./resolve.ts";

/** Sorted. */
export function stationsOf({ products }: Pick<Menu, "products">): string[] {
  const all = new Set<string>();
  for (const product of products.values()) for (const station of product.stations) all.add(station);
  return [...all].sort();
}
