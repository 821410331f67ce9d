// Says whether what the screen shows is current.

import type { ReadonlySignal } from "@preact/signals";
import { hourAndMinute, seconds, type ServerClock } from "../../lib/time/clock.ts";
import { text } from "../../lib/text/text.ts";
import type { Health, Lost } from "../../lib/call/watch.ts";
import { Icon, type IconName } from "../Icon.tsx";

/** So long a reconnection is nothing to worry about. */
const WORRY_AFTER_MS = 10_000;

const ICONS: Record<Health["state"], IconName> = {
  connecting: "retry",
  live: "live",
  lost: "offline",
  refused: "lock",
  ended: "check",
};

export function StatusPill({ health, clock }: { health: ReadonlySignal<Health>; clock: ServerClock }) {
  return (
    <span class={`pill pill-${health.value.state}`} role="status">
      <Icon name={ICONS[health.value.state]} />
      {label(health.value, clock)}
    </span>
  );
}

function label(health: Health, clock: ServerClock): string {
  if (health.state !== "lost") return text.connection[health.state];
  if (health.held) return text.connection.held;
  if (seconds.value - health.lostAt < WORRY_AFTER_MS) return text.connection.reconnecting(health.tries);
  return text.connection.lostSince(lostSince(health, clock));
}

function lostSince(health: Lost, clock: ServerClock): string {
  const lostFor = performance.now() - health.lostAt;
  return hourAndMinute(clock.at(health.lostAt) ?? Date.now() - lostFor);
}

/** Above content that may be old: since when it is. */
export function StaleBanner({ health, clock }: { health: Health; clock: ServerClock }) {
  if (health.state !== "lost") return null;
  return (
    <p class="banner banner-offline">
      <Icon name="offline" />
      <span>{health.held ? text.connection.heldDetail : text.connection.staleBoard(lostSince(health, clock))}</span>
    </p>
  );
}
