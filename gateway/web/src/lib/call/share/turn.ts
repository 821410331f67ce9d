// Which of a browser's tabs does what only one shall do. The others wait for their turn, which comes when that tab ends
// it or is gone: by Web Locks or, where a page has none because it came by plain http over a network, by a lease that
// tabs agree on. For a moment two may hold a lease; then the lower id keeps it.

import { newRequestId } from "../request_id.ts";

export interface Turn {
  /** Aborted when another tab has taken the turn away. */
  lost: AbortSignal;
  /** Takes it from a tab that holds it and does not answer. */
  take(): void;
  end(): void;
}

/** Calls `begin` when the turn has come. */
export function awaitTurn(name: string, begin: () => void): Turn {
  const locks = navigator.locks as LockManager | undefined;
  return locks ? byLock(locks, name, begin) : byLease(name, begin);
}

function byLock(locks: LockManager, name: string, begin: () => void): Turn {
  const lost = new AbortController();
  const queued = new AbortController();
  let ended = false;
  let release = () => {};
  const request = (options: LockOptions) => {
    let held = false;
    const hold = () => {
      held = true;
      return new Promise<void>((resolve) => {
        release = resolve;
        if (ended) resolve();
        else begin();
      });
    };
    locks.request(name, options, hold).catch(() => held && lost.abort());
  };
  request({ signal: queued.signal });
  return {
    lost: lost.signal,
    take: () => {
      queued.abort();
      request({ steal: true });
    },
    end: () => {
      ended = true;
      queued.abort();
      release();
    },
  };
}

/** So long a tab that holds the lease may take to say so. */
const CLAIM_MS = 100;

interface Word {
  word: "claim" | "hold" | "free";
  from: string;
}

function byLease(name: string, begin: () => void): Turn {
  const lost = new AbortController();
  const channel = new BroadcastChannel(`${name} lease`);
  const me = newRequestId();
  let state: "waits" | "claims" | "holds" = "waits";
  let timer: ReturnType<typeof setTimeout> | undefined;
  const say = (word: Word["word"]) => channel.postMessage({ word, from: me } satisfies Word);
  const wait = () => {
    clearTimeout(timer);
    state = "waits";
  };
  const claim = () => {
    if (state === "holds") return;
    clearTimeout(timer);
    state = "claims";
    say("claim");
    timer = setTimeout(() => {
      state = "holds";
      say("hold");
      begin();
    }, CLAIM_MS);
  };
  channel.onmessage = ({ data: { word, from } }: MessageEvent<Word>) => {
    if (word === "free") return claim();
    if (state === "holds") {
      if (word === "claim" || from > me) return say("hold");
      wait();
      return lost.abort();
    }
    if (word === "hold" || from < me) wait();
    else if (state === "claims") say("claim");
  };
  const end = () => {
    removeEventListener("pagehide", end);
    if (state === "holds") say("free");
    wait();
    channel.close();
  };
  addEventListener("pagehide", end);
  claim();
  return { lost: lost.signal, take: claim, end };
}
