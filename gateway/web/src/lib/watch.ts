// Keeps a stream alive: notices silence, reconnects, and tells how current the screen is. What the stream says is the
// caller's business.

import { Code, ConnectError } from "@connectrpc/connect";
import { signal, type ReadonlySignal } from "@preact/signals";
import { lacksAccess, retryDelayMs } from "./errors.ts";
import { Backoff, pause } from "./retry.ts";

export type Health =
  | { state: "connecting" }
  | { state: "live" }
  /** What is shown may be old. `lostAt` is when that began, by performance.now(). */
  | { state: "lost"; lostAt: number }
  /** The server refuses to show it: wrong token, or no such order. Tried again, but rarely. */
  | { state: "refused"; error: ConnectError }
  | { state: "ended" };

export interface Attempt {
  signal: AbortSignal;
  /** To be called whenever the server has shown that the screen is current. */
  current(): void;
}

export interface Limits {
  /** Longest silence of a living stream. */
  silenceMs: number;
  /** Longest wait for its first sign of life. */
  firstMs?: number;
  refusedMs?: number;
}

export interface Watch {
  health: ReadonlySignal<Health>;
  stop(): void;
}

/** `visit` opens the stream once and reads it; it returns true when there will never be more news. */
export function keepWatching(visit: (attempt: Attempt) => Promise<boolean>, limits: Limits): Watch {
  const { silenceMs, firstMs = 8_000, refusedMs = 60_000 } = limits;
  const health = signal<Health>({ state: "connecting" });
  const stopped = new AbortController();
  const backoff = new Backoff();

  const lose = () => {
    const { state } = health.peek();
    if (state === "live" || state === "connecting") health.value = { state: "lost", lostAt: performance.now() };
  };

  /** True when it is over for good; otherwise how long to wait. */
  async function once(): Promise<true | number> {
    const attempt = new AbortController();
    const giveUp = () => {
      lose();
      attempt.abort();
    };
    let watchdog = setTimeout(giveUp, firstMs);
    const stop = () => attempt.abort();
    stopped.signal.addEventListener("abort", stop);
    const current = () => {
      if (attempt.signal.aborted) return;
      clearTimeout(watchdog);
      watchdog = setTimeout(giveUp, silenceMs);
      backoff.reset();
      if (health.peek().state !== "live") health.value = { state: "live" };
    };
    try {
      if (await visit({ signal: attempt.signal, current })) return true;
    } catch (error) {
      if (isRefused(error)) {
        health.value = { state: "refused", error: ConnectError.from(error) };
        return refusedMs;
      }
      return backoff.next(retryDelayMs(error));
    } finally {
      clearTimeout(watchdog);
      stopped.signal.removeEventListener("abort", stop);
      attempt.abort();
    }
    return backoff.next();
  }

  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      const outcome = await once();
      if (stopped.signal.aborted) return;
      if (outcome === true) {
        health.value = { state: "ended" };
        return;
      }
      lose();
      await pause(outcome, stopped.signal);
    }
  }

  void run();
  return { health, stop: () => stopped.abort() };
}

function isRefused(error: unknown): boolean {
  const { code } = ConnectError.from(error);
  return code === Code.NotFound || code === Code.InvalidArgument || lacksAccess(error);
}
