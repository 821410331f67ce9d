// What stands where content would be while the server asks to wait, because too much was asked from here.

import { useMemo } from "preact/hooks";
import { retryDelayMs } from "../../lib/call/errors.ts";
import { text } from "../../lib/text/text.ts";
import { Countdown } from "./Countdown.tsx";
import { StateMessage } from "./StateMessage.tsx";

/** Trying earlier would only be refused again, so no button offers it. */
export function RateLimited({ error }: { error: unknown }) {
  const until = useMemo(() => performance.now() + retryDelayMs(error), [error]);
  return (
    <StateMessage kind="loading" title={text.reasons.RATE_LIMITED}>
      <Countdown until={until} />
    </StateMessage>
  );
}
