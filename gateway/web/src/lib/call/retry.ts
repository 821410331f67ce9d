// When to try again, and how often.

import { isRefusal, retryDelayMs } from "./errors.ts";

const FIRST_MS = 500;
const LONGEST_MS = 15_000;

/** Waits that grow from 0.5 s to 15 s, each with jitter, so that many screens do not come back at one moment. */
export class Backoff {
  private last = FIRST_MS;

  constructor(private readonly random: () => number = Math.random) {}

  next(atLeast = 0): number {
    const highest = Math.min(LONGEST_MS, this.last * 3);
    this.last = FIRST_MS + this.random() * (highest - FIRST_MS);
    return Math.max(this.last, atLeast);
  }

  reset(): void {
    this.last = FIRST_MS;
  }
}

/** Calls back when waiting may have become pointless: the network is back, or somebody looks at the page. */
function onWake(wake: () => void): () => void {
  const seen = () => {
    if (document.visibilityState === "visible") wake();
  };
  addEventListener("online", wake);
  document.addEventListener("visibilitychange", seen);
  return () => {
    removeEventListener("online", wake);
    document.removeEventListener("visibilitychange", seen);
  };
}

/** Waits; less long when the page wakes or the signal is aborted. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      forgetWake();
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    const forgetWake = onWake(done);
    if (signal?.aborted) done();
    else signal?.addEventListener("abort", done);
  });
}

export interface Persistence {
  /** Gives up after so many tries; without it, never. */
  tries?: number;
  /** Asked before each repeat, with the error that made it necessary; false gives up. */
  again?: (error: unknown) => boolean;
  /** Told before each wait how long it will be. */
  waits?: (error: unknown, ms: number) => void;
  /** Cuts the wait short. */
  retryNow?: () => AbortSignal | undefined;
  backoff?: Backoff;
}

/** Repeats a call that is safe to repeat until it is answered. A refusal is an answer, and is thrown. */
export async function untilAnswered<T>(call: () => Promise<T>, options: Persistence = {}): Promise<T> {
  const backoff = options.backoff ?? new Backoff();
  for (let tried = 1; ; tried++) {
    try {
      return await call();
    } catch (error) {
      const goOn = () => options.again?.(error) ?? true;
      if (isRefusal(error) || tried === options.tries || !goOn()) throw error;
      const wait = backoff.next(retryDelayMs(error));
      options.waits?.(error, wait);
      await pause(wait, options.retryNow?.());
      // The world may have changed meanwhile: another tab may have had the answer.
      if (!goOn()) throw error;
    }
  }
}
