// The server's time, counted on from its last heartbeat by a clock that nobody sets. A tablet's own date may be wrong.

import { timestampMs, type Timestamp } from "@bufbuild/protobuf/wkt";
import { signal } from "@preact/signals";
import { text } from "../text/text.ts";
import { onWall, shopOffsets, type UtcOffsets } from "./zone.ts";

/** performance.now(), once a second: screens that read it follow time. */
export const seconds = signal(performance.now());
setInterval(() => (seconds.value = performance.now()), 1000);

export class ServerClock {
  private heard: { server: number; here: number } | null = null;

  hear(time: Timestamp | undefined): void {
    if (time) this.heard = { server: timestampMs(time), here: performance.now() };
  }

  /** The server's time as last heard. */
  heardAt(): number | null {
    return this.heard && this.heard.server;
  }

  /** The server's time at a moment of performance.now(), in ms since 1970; null before the first heartbeat. */
  at(here: number): number | null {
    return this.heard && this.heard.server + (here - this.heard.here);
  }
}

/** On the shop's clock. */
export function hourAndMinute(ms: number, offsets: UtcOffsets = shopOffsets.value): string {
  const format = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat(text.locale, format).format(onWall(ms, offsets));
}
