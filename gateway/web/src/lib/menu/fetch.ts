// The menu of any shop, once.

import { createClient } from "@connectrpc/connect";
import { CatalogService } from "../../gen/comanda/catalog/v1/catalog_service_pb.ts";
import { transport } from "../call/transport.ts";
import { resolve, type Menu } from "./resolve.ts";

const client = createClient(CatalogService, transport);

export async function fetchMenu(shopId: string): Promise<Menu | null> {
  const { menu } = await client.getMenu({ shopId });
  return menu ? resolve(menu) : null;
}
