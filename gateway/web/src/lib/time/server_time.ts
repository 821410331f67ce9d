// The time by the server's clock, as the head of its last answer told it: phones are set by people.

import { computed, signal } from "@preact/signals";
import { seconds } from "./clock.ts";

/** What to add to performance.now(). Until a server has spoken, this device's own date has to do. */
const offset = signal(Date.now() - performance.now());
let isTold = false;

export function hearServerTime(head: Headers): void {
  const told = Date.parse(head.get("date") ?? "");
  if (Number.isNaN(told)) return;
  offset.value = told - performance.now();
  isTold = true;
}

export function hasServerTime(): boolean {
  return isTold;
}

/** In ms since 1970. */
export function serverNow(): number {
  return performance.now() + offset.peek();
}

/** The same, cut to the minute: screens that read it are drawn once a minute. */
export const serverMinute = computed(() => {
  const now = seconds.value + offset.value;
  return now - (now % 60_000);
});
