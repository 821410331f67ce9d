// Pauses ordering, and ends the pause.

import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { ShopSettingsSchema } from "../../gen/comanda/catalog/v1/catalog_admin_service_pb.ts";
import type { OrderingPause } from "../../gen/comanda/catalog/v1/menu_pb.ts";
import { create } from "@bufbuild/protobuf";
import { explain, metadataOf, reasonOf } from "../../lib/call/errors.ts";
import { isolated } from "../../lib/text/foreign.ts";
import { menu } from "../../lib/menu/menu.ts";
import { newRequestId } from "../../lib/call/request_id.ts";
import { serverNow } from "../../lib/time/server_time.ts";
import { SHOP } from "../../lib/shop.ts";
import { staffText } from "../../lib/text/staff_text.ts";
import { text } from "../../lib/text/text.ts";
import { admin, persist } from "../admin.ts";

/** What is shown to customers; as the contract limits it. */
export const REASON_LENGTH = 140;
/** Null: until staff end it. */
export const DURATIONS = [15, 30, 60, null] as const;
export type Minutes = (typeof DURATIONS)[number];

/** Null when it worked, else what to tell. */
export function pauseOrdering(reason: string, minutes: Minutes): Promise<string | null> {
  const untilTime = minutes === null ? undefined : timestampFromMs(Math.round(serverNow()) + minutes * 60_000);
  return change({ reason: reason.trim(), untilTime });
}

export function resumeOrdering(): Promise<string | null> {
  return change(undefined);
}

type Pause = Pick<OrderingPause, "reason"> & { untilTime: OrderingPause["untilTime"] | undefined };

async function change(pause: Pause | undefined): Promise<string | null> {
  const revision = menu.peek()?.shopRevision;
  if (revision === undefined) return text.errors.network;
  const shop = create(ShopSettingsSchema, {
    shopId: SHOP,
    revision,
    ...(pause && { pause: { reason: pause.reason, ...(pause.untilTime && { untilTime: pause.untilTime }) } }),
  });
  const request = { requestId: newRequestId(), shop, updateMask: { paths: ["pause"] } };
  try {
    await persist((options) => admin.updateShop(request, options));
    return null;
  } catch (error) {
    // By the next tap the watched menu has the newer revision.
    return reasonOf(error) === "REVISION_MISMATCH" ? staffText.pause.otherFirst(isolated(metadataOf(error)["person"] ?? "")) : explain(error);
  }
}
