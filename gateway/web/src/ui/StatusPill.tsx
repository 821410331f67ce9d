// Says whether what the screen shows is current.

import type { ReadonlySignal } from "@preact/signals";
import { hourAndMinute, seconds, type ServerClock } from "../lib/clock.ts";
import { text } from "../lib/text.ts";
import type { Health } from "../lib/watch.ts";

/** So long a reconnection is nothing to worry about. */
const WORRY_AFTER_MS = 10_000;

export function StatusPill({ health, clock }: { health: ReadonlySignal<Health>; clock?: ServerClock }) {
  return (
    <span class={`pill pill-${health.value.state}`} role="status">
      {label(health.value, clock)}
    </span>
  );
}

function label(health: Health, clock?: ServerClock): string {
  if (health.state !== "lost") return text.connection[health.state];
  const lostFor = seconds.value - health.lostAt;
  if (lostFor < WORRY_AFTER_MS) return text.connection.reconnecting;
  return text.connection.lostSince(hourAndMinute(clock?.at(health.lostAt) ?? Date.now() - lostFor));
}
