// Asks for the status every five seconds, and at once when somebody looks at the page again. A status that could not be
// fetched leaves the last one standing: the page says how old it is.

import { createClient } from "@connectrpc/connect";
import { signal, type ReadonlySignal } from "@preact/signals";
import { StatusService, type GetStatusResponse } from "../gen/comanda/mesh/v1/status_pb.ts";
import { lacksAccess } from "../lib/call/errors.ts";
import { pause } from "../lib/call/retry.ts";
import { bearer, transport } from "../lib/call/transport.ts";
import { hearServerTime, serverNow } from "../lib/time/server_time.ts";

const EVERY_MS = 5_000;

export interface Failure {
  error: unknown;
  /** When the first of a row was noticed, by the server's clock. */
  since: number;
}

export interface FollowedStatus {
  status: ReadonlySignal<GetStatusResponse | null>;
  failure: ReadonlySignal<Failure | null>;
  tryNow: () => void;
  stop: () => void;
}

export function followStatus(token: string): FollowedStatus {
  const status = signal<GetStatusResponse | null>(null);
  const failure = signal<Failure | null>(null);
  const client = createClient(StatusService, transport);
  const end = new AbortController();
  let retryNow = new AbortController();

  async function ask(): Promise<void> {
    try {
      const options = { headers: token ? bearer(token) : undefined, signal: end.signal, onHeader: hearServerTime };
      status.value = await client.getStatus({}, options);
      failure.value = null;
    } catch (error) {
      if (!end.signal.aborted) failure.value = { error, since: failure.value?.since ?? serverNow() };
    }
  }

  async function follow(): Promise<void> {
    while (!end.signal.aborted) {
      await ask();
      // Another token is a new start.
      if (failure.value && lacksAccess(failure.value.error)) return;
      retryNow = new AbortController();
      await pause(EVERY_MS, retryNow.signal);
    }
  }

  void follow();
  const tryNow = () => retryNow.abort();
  const stop = () => {
    end.abort();
    retryNow.abort();
  };
  return { status, failure, tryNow, stop };
}
