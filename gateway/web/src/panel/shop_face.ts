// Whose panel it is: its name, logo and colour. Asked once, since they hardly ever change.

import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { signal } from "@preact/signals";
import { CatalogService } from "../gen/comanda/catalog/v1/catalog_service_pb.ts";
import { showBrand } from "../lib/brand.ts";
import { untilAnswered } from "../lib/call/retry.ts";
import { SHOP } from "../lib/shop.ts";
import { shopOffsets } from "../lib/time/zone.ts";
import { transport } from "../lib/call/transport.ts";

export const shopFace = signal({ name: "", logo: "" });
export const isUnknownShop = signal(false);

export function askShop(): () => void {
  let asking = true;
  const client = createClient(CatalogService, transport);
  const ask = () => client.getMenu({ shopId: SHOP });
  untilAnswered(ask, { again: () => asking }).then(
    ({ menu }) => {
      shopFace.value = { name: menu?.shopName ?? "", logo: menu?.logoUrl ?? "" };
      showBrand(menu?.brandColor ?? "");
      shopOffsets.value = menu?.utcOffsets ?? [];
    },
    (error: unknown) => {
      // An address that is no slug names no shop either.
      const { code } = ConnectError.from(error);
      isUnknownShop.value = code === Code.NotFound || code === Code.InvalidArgument;
    },
  );
  return () => (asking = false);
}
