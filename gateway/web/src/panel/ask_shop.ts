// Asks whose panel it is.

import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { CatalogService } from "../gen/comanda/catalog/v1/catalog_service_pb.ts";
import { showBrand } from "../lib/brand.ts";
import { untilAnswered } from "../lib/call/retry.ts";
import { transport } from "../lib/call/transport.ts";
import { SHOP } from "../lib/shop.ts";
import { shopOffsets } from "../lib/time/zone.ts";
import { isUnknownShop, shopFace } from "./shop_face.ts";

/** As long as `isAsking` says so. */
export function askShop(isAsking: () => boolean): void {
  const client = createClient(CatalogService, transport);
  untilAnswered(() => client.getMenu({ shopId: SHOP }), { again: isAsking }).then(
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
}
