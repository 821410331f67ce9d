// The shop of an order: its name, its look, how to pay, and what it sells now. Asked for once; the page works without.

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Translation } from "../../gen/comanda/catalog/v1/menu_pb.ts";
import { showBrand } from "../../lib/brand.ts";
import type { Menu } from "../../lib/menu/resolve.ts";
import { ownLanguage, translationIn } from "../../lib/menu/translated.ts";
import { language } from "../../lib/text/language.ts";

export const shop = signal<Menu | null>(null);

export async function askShop(shopId: string): Promise<Menu | null> {
  // What reads a menu is not needed to see the order.
  const { fetchMenu } = await import("../../lib/menu/fetch.ts");
  shop.value = (await fetchMenu(shopId)) ?? shop.peek();
  return shop.peek();
}

export function useShop(shopId: string | undefined): Menu | null {
  useEffect(() => {
    if (shopId) void askShop(shopId).catch(() => undefined);
  }, [shopId]);
  const brand = shop.value?.brandColor;
  useEffect(() => {
    if (brand !== undefined) showBrand(brand);
  }, [brand]);
  return shop.value;
}

export function translated(thing: { translations: readonly Translation[] }): Translation | undefined {
  return translationIn(thing, language.value, ownLanguage(shop.value));
}
