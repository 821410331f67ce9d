// The seconds until something is tried again by itself. A timer is not read aloud each second.

import { seconds } from "../../lib/time/clock.ts";
import { text } from "../../lib/text/text.ts";

/** `until` by performance.now(). */
export function Countdown({ until }: { until: number }) {
  const left = (until - Math.max(seconds.value, performance.now())) / 1000;
  return <p role="timer">{text.connection.againIn(Math.max(1, Math.ceil(left)))}</p>;
}
