// The shop's time, by the server's clock.

import { hourAndMinute, seconds, type ServerClock } from "../lib/time/clock.ts";

export function WallClock({ clock }: { clock: ServerClock }) {
  const now = clock.at(seconds.value);
  return now === null ? null : <time class="wall-clock">{hourAndMinute(now)}</time>;
}
