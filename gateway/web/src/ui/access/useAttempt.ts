// One attempt at a time, such as to sign in: whether it is under way, why the last one failed, and how long to wait.

import { useState } from "preact/hooks";
import { retryDelayMs } from "../../lib/call/errors.ts";
import { seconds } from "../../lib/time/clock.ts";

export interface Attempt {
  busy: boolean;
  /** Of the last attempt; null when there was none or it worked. */
  error: unknown;
  /** Until the server hears another one, in seconds. */
  waitS: number;
  run(work: () => Promise<void>): void;
  clear(): void;
}

export function useAttempt(): Attempt {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<{ error: unknown; until: number } | null>(null);
  const left = failed ? failed.until - Math.max(seconds.value, performance.now()) : 0;
  const waitS = Math.max(0, Math.ceil(left / 1000));

  async function attempt(work: () => Promise<void>): Promise<void> {
    if (busy || waitS > 0) return;
    setBusy(true);
    setFailed(null);
    try {
      await work();
    } catch (error) {
      setFailed({ error, until: performance.now() + retryDelayMs(error) });
    } finally {
      setBusy(false);
    }
  }

  return { busy, error: failed?.error ?? null, waitS, run: (work) => void attempt(work), clear: () => setFailed(null) };
}
