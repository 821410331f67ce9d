// Identity, who lets people and devices in, and what to tell of its refusals.

import { createClient } from "@connectrpc/connect";
import { IdentityService } from "../../gen/comanda/identity/v1/identity_service_pb.ts";
import { explain, reasonOf } from "../call/errors.ts";
import { transport } from "../call/transport.ts";
import { staffText } from "../text/staff_text.ts";

export const identity = createClient(IdentityService, transport);

/** A sentence for people. What concerns access is said in the page's own words, which tell what to do next. */
export function explainAccess(error: unknown): string {
  const known = staffText.reasons as Readonly<Record<string, string>>;
  return known[reasonOf(error)] ?? explain(error);
}
