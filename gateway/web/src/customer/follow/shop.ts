// The shop of an order: its name, its look, how to pay, and what it sells now. Asked for once; the page works without.

import { createClient } from "@connectrpc/connect";
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { CatalogService } from "../../gen/comanda/catalog/v1/catalog_service_pb.ts";
import type { Translation } from "../../gen/comanda/catalog/v1/menu_pb.ts";
import { showBrand } from "../../lib/brand.ts";
import { transport } from "../../lib/call/transport.ts";
import { resolve, type Menu } from "../../lib/menu/resolve.ts";
import { ownLanguage, translationIn } from "../../lib/menu/translated.ts";
import { language } from "../../lib/text/language.ts";

export const shop = signal<Menu | null>(null);

const client = createClient(CatalogService, transport);

export async function askShop(shopId: string): Promise<Menu | null> {
  const { menu } = await client.getMenu({ shopId });
  if (menu) shop.value = resolve(menu);
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
