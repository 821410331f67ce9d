// Keeps a stream alive: notices silence, reconnects, and tells how current the screen is. What the stream says is the
// caller's business.
//
// A stream that never speaks while the server answers calls is held back by something in between, such as a proxy that
// gathers what it hands on. People can mend that, if they are told.

import { Code, ConnectError } from "@connectrpc/connect";
import { signal, type ReadonlySignal } from "@preact/signals";
import { isUnreachable, lacksAccess, retryDelayMs } from "./errors.ts";
import { Backoff, pause } from "./retry.ts";

export type Health =
  | { state: "connecting" }
  | { state: "live" }
  /** What is shown may be old. */
  | Lost
  /** The server refuses to show it: wrong token, or no such order. Tried again, but rarely. */
  | { state: "refused"; error: ConnectError }
  | { state: "ended" };

export interface Lost {
  state: "lost";
  /** When that began, by performance.now(). */
  lostAt: number;
  /** How often it was tried since. */
  tries: number;
  /** What the server last answered instead; null while it is silent. */
  error: ConnectError | null;
  /** True when the server answers a call, and only its stream does not get through. */
  held: boolean;
}

export interface Attempt {
  signal: AbortSignal;
  /** To be called whenever the server has shown that the screen is current, or was so long ago. */
  current(ageMs?: number): void;
}

export interface Limits {
  /** Longest silence of a living stream. */
  silenceMs: number;
  /** Longest wait for its first sign of life. */
  firstMs?: number;
  refusedMs?: number;
  /** A call with one answer, made when the stream has said nothing at all. */
  ask?: () => Promise<unknown>;
}

export interface Watch {
  health: ReadonlySignal<Health>;
  /** Ends the wait for the next try. */
  tryNow(): void;
  stop(): void;
}

/** `visit` opens the stream once and reads it; it returns true when there will never be more news. */
export function keepWatching(visit: (attempt: Attempt) => Promise<boolean>, limits: Limits): Watch {
  const { silenceMs, firstMs = 8_000, refusedMs = 60_000, ask } = limits;
  const health = signal<Health>({ state: "connecting" });
  const stopped = new AbortController();
  const backoff = new Backoff();

  let waiting = new AbortController();

  const isHeld = () => {
    const now = health.peek();
    return now.state === "lost" && now.held;
  };
  const lose = (error: ConnectError | null, held = false) => {
    const before = health.peek();
    if (before.state === "live" || before.state === "connecting") {
      health.value = { state: "lost", lostAt: performance.now(), tries: 0, error, held };
    } else if (before.state === "lost") {
      health.value = { ...before, error, held };
    }
  };

  /** True when it is over for good; otherwise how long to wait. */
  async function once(): Promise<true | number> {
    const attempt = new AbortController();
    let heard = false;
    const giveUp = () => {
      // Until it is known better, it is as it was at the last try.
      lose(null, isHeld());
      attempt.abort();
    };
    let watchdog = setTimeout(giveUp, firstMs);
    const stop = () => attempt.abort();
    stopped.signal.addEventListener("abort", stop);
    const current = (ageMs = 0) => {
      if (attempt.signal.aborted || ageMs >= silenceMs) return;
      heard = true;
      clearTimeout(watchdog);
      watchdog = setTimeout(giveUp, silenceMs - ageMs);
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
      if (!attempt.signal.aborted) lose(isUnreachable(error) ? null : ConnectError.from(error));
      else if (!stopped.signal.aborted) lose(null, !heard && (await isAnswered(ask)));
      return backoff.next(retryDelayMs(error));
    } finally {
      clearTimeout(watchdog);
      stopped.signal.removeEventListener("abort", stop);
      attempt.abort();
    }
    lose(null);
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
      waiting = new AbortController();
      await pause(outcome, waiting.signal);
      const now = health.peek();
      if (now.state === "lost") health.value = { ...now, tries: now.tries + 1 };
    }
  }

  void run();
  const tryNow = () => waiting.abort();
  const stop = () => {
    stopped.abort();
    tryNow();
  };
  return { health, tryNow, stop };
}

async function isAnswered(ask?: () => Promise<unknown>): Promise<boolean> {
  if (!ask) return false;
  return ask().then(
    () => true,
    () => false,
  );
}

function isRefused(error: unknown): boolean {
  const { code } = ConnectError.from(error);
  return code === Code.NotFound || code === Code.InvalidArgument || lacksAccess(error);
}
