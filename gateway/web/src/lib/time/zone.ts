// What the clock on the shop's wall shows. The server says when that clock is set, so a device whose own rules are old, or
// whose zone is another, shows the same time as everybody. Pure, but for what was told last.

import { timestampMs } from "@bufbuild/protobuf/wkt";
import { signal } from "@preact/signals";
import type { UtcOffset } from "../../gen/comanda/catalog/v1/menu_pb.ts";

/** In order of time; the first counts for earlier times, too. */
export type UtcOffsets = readonly Pick<UtcOffset, "fromTime" | "seconds">[];

/** Of the shop that this page is of; empty before its menu has come. */
export const shopOffsets = signal<UtcOffsets>([]);

/** Of a zone by its IANA name, around that moment, as far as this device knows; empty where it does not. */
export function offsetsOf(timeZone: string, ms: number): UtcOffsets {
  try {
    const parts = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" }).formatToParts(ms);
    const name = parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
    const [, sign, hours, minutes] = /^GMT(?:([+-])(\d\d):(\d\d))?$/.exec(name) ?? [];
    if (!name) return [];
    return [{ seconds: (sign === "-" ? -60 : 60) * (60 * Number(hours ?? 0) + Number(minutes ?? 0)) }];
  } catch {
    return [];
  }
}

/** The moment at which a clock in Greenwich shows what the shop's shows at `ms`. To be formatted as UTC. */
export function onWall(ms: number, offsets: UtcOffsets): number {
  let seconds = offsets[0]?.seconds;
  // Nobody has told: a page without a menu has only the clock that the person sees beside it.
  if (seconds === undefined) return ms - new Date(ms).getTimezoneOffset() * 60_000;
  for (const offset of offsets) {
    if (offset.fromTime && timestampMs(offset.fromTime) <= ms) seconds = offset.seconds;
  }
  return ms + seconds * 1000;
}
