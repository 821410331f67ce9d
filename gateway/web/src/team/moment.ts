// A moment that has passed, as the shop's clock had it.

import { timestampMs, type Timestamp } from "@bufbuild/protobuf/wkt";
import { text } from "../lib/text/text.ts";
import { onWall, shopOffsets } from "../lib/time/zone.ts";

export function momentWords(time: Timestamp | undefined): string {
  if (!time) return "";
  const form = new Intl.DateTimeFormat(text.locale, { dateStyle: "short", timeStyle: "short", timeZone: "UTC" });
  return form.format(onWall(timestampMs(time), shopOffsets.value));
}
