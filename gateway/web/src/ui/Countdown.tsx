// The seconds until something is tried again by itself. Not read aloud each second.

import { seconds } from "../lib/clock.ts";
import { text } from "../lib/text.ts";

/** `until` by performance.now(). */
export function Countdown({ until }: { until: number }) {
  const left = Math.max(0, Math.ceil((until - Math.max(seconds.value, performance.now())) / 1000));
  return (
    <span role="timer" aria-live="off">
      {text.connection.againIn(left)}
    </span>
  );
}
