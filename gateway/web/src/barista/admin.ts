// How the tablet changes the menu: one request, repeated as it is until it is answered.

import { createClient, type CallOptions } from "@connectrpc/connect";
import { CatalogAdminService } from "../gen/comanda/catalog/v1/catalog_admin_service_pb.ts";
import { lacksAccess } from "../lib/call/errors.ts";
import { untilAnswered } from "../lib/call/retry.ts";
import { transport } from "../lib/call/transport.ts";
import { asWhoWorks } from "./person/person.ts";

const TRIES = 4;

export const admin = createClient(CatalogAdminService, transport);

export function persist<T>(call: (options: CallOptions) => Promise<T>): Promise<T> {
  return untilAnswered(() => asWhoWorks(call), { tries: TRIES, again: (error) => !lacksAccess(error) });
}
