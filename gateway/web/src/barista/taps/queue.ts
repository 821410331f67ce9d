// Sends taps in the order in which they were made, each until it is answered. Without a connection they wait; what was
// not sent yet can be taken back without anybody hearing of it.

import { batch, effect, signal, type ReadonlySignal } from "@preact/signals";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Ticket } from "../../gen/comanda/kitchen/v1/ticket_pb.ts";
import { isRateLimited, isRefusal, isUnreachable, reasonOf, retryDelayMs, supportCode } from "../../lib/call/errors.ts";
import { Backoff, pause } from "../../lib/call/retry.ts";
import { boardText } from "../../lib/text/board_text.ts";
import { changeStored, storedTaps } from "./store.ts";
import { isWaiting, withAnswer, withRefusal, type Tap } from "./tap.ts";

/** So often a call is repeated whose answers say neither yes nor no nor later. */
const TRIES = 4;

export interface TapQueue {
  /** In the order in which they were made; refused ones until somebody has read why. */
  taps: ReadonlySignal<readonly Tap[]>;
  add(tap: Tap): void;
  remove(requestId: string): void;
  /** When those of an earlier page are among them. */
  found: Promise<void>;
  stop(): void;
}

interface Options {
  /** True while calls can be expected to arrive. */
  canSend: ReadonlySignal<boolean>;
  send(tap: Tap): Promise<Ticket | undefined>;
  answered(tap: Tap, ticket: Ticket | undefined): void;
  explain(error: unknown): string;
}

export function openQueue({ canSend, send, answered, explain }: Options): TapQueue {
  const taps = signal<readonly Tap[]>([]);
  const stopped = new AbortController();
  const tries = new Map<string, number>();
  let isSending = false;

  function change(how: (taps: readonly Tap[]) => Tap[]): Promise<void> {
    // First to where it is kept: what is not there any more has been dealt with elsewhere.
    const stored = changeStored(how);
    taps.value = how(taps.peek());
    return stored;
  }

  const remove = (requestId: string) => void change((all) => all.filter((tap) => tap.requestId !== requestId));

  /** False where another tab has dealt with it, or has taken it back. */
  async function isStored({ requestId }: Tap): Promise<boolean> {
    const stored = await storedTaps();
    if (!stored || stored.some((tap) => tap.requestId === requestId && isWaiting(tap))) return true;
    taps.value = taps.peek().filter((tap) => tap.requestId !== requestId);
    return false;
  }

  const isKept = ({ requestId }: Tap) => taps.peek().some((tap) => tap.requestId === requestId);

  /** Gives how long to wait before the next one. */
  async function sendOne(tap: Tap, backoff: Backoff): Promise<number> {
    await change((all) => all.map((one) => (one.requestId === tap.requestId ? { ...one, sent: true } : one)));
    try {
      const ticket = await send(tap);
      batch(() => {
        answered(tap, ticket);
        void change((all) => withAnswer(all, tap, ticket?.revision));
      });
      backoff.reset();
      return 0;
    } catch (error) {
      const tried = (tries.get(tap.requestId) ?? 0) + 1;
      tries.set(tap.requestId, tried);
      const goesOn = isPassing(error) || tried < TRIES;
      if (goesOn && !isFinal(error)) return backoff.next(retryDelayMs(error));
      const why = isFinal(error) ? explain(error) : boardText.board.unsure;
      void change((all) => withRefusal(all, tap, why, boardText.board.buildsOnRefused, supportCode(error)));
      return 0;
    }
  }

  async function sendAll(): Promise<void> {
    if (isSending) return;
    isSending = true;
    const backoff = new Backoff();
    while (canSend.peek() && !stopped.signal.aborted) {
      const tap = taps.peek().find(isWaiting);
      if (!tap) break;
      if ((await isStored(tap)) && isKept(tap)) {
        const wait = await sendOne(tap, backoff);
        if (wait > 0) await pause(wait, stopped.signal);
      }
    }
    isSending = false;
  }

  const found = storedTaps().then((stored) => {
    const mine = new Set(taps.peek().map(({ requestId }) => requestId));
    taps.value = [...(stored ?? []).filter(({ requestId }) => !mine.has(requestId)), ...taps.peek()];
  });
  const unlisten = effect(() => {
    if (canSend.value && taps.value.some(isWaiting)) void sendAll();
  });
  const stop = () => {
    unlisten();
    stopped.abort();
  };
  return { taps, add: (tap) => void change((all) => [...all, tap]), remove, found, stop };
}

/** An answer; the same tap would be answered the same way. */
function isFinal(error: unknown): boolean {
  return isRefusal(error) || ConnectError.from(error).code === Code.PermissionDenied;
}

/** Passes by itself, however long that takes. */
function isPassing(error: unknown): boolean {
  const later = ["DEPENDENCY_DOWN", "DRAINING"].includes(reasonOf(error));
  return isUnreachable(error) || isRateLimited(error) || later;
}
