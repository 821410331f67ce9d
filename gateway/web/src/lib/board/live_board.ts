// A board that follows WatchTickets; the barista's and the panel's screens both stand on it.

import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { signal, type ReadonlySignal } from "@preact/signals";
import { KitchenService, WatchTicketsResponseSchema } from "../../gen/comanda/kitchen/v1/kitchen_service_pb.ts";
import type { Ticket } from "../../gen/comanda/kitchen/v1/ticket_pb.ts";
import { Board } from "./board.ts";
import { ServerClock } from "../time/clock.ts";
import { coalesced } from "../coalesced.ts";
import { SHOP } from "../shop.ts";
import { bearer, transport } from "../call/transport.ts";
import { shared, type Stream } from "../call/share/shared.ts";
import { keepWatching, type Attempt, type Health } from "../call/watch.ts";

/** Heartbeats come every second; two missed ones mean that the board is old. */
const SILENCE_MS = 2_500;

export interface LiveBoard {
  /** Null until the first snapshot is complete. */
  tickets: ReadonlySignal<readonly Ticket[] | null>;
  health: ReadonlySignal<Health>;
  clock: ServerClock;
  tryNow(): void;
  /** Shows the answer to a tap at once. */
  reply(ticket: Ticket): void;
  stop(): void;
}

/** With the revision and the moment at which it left, in ms since 1970. */
type Left = (ticket: Ticket, revision: bigint, atMs: number) => void;

/**
 * All of the shop's open tickets, whichever stations a screen shows: so all screens of a browser need one stream. `left`
 * hears of each that is no longer open.
 */
export function openBoard(token: string, left: Left = () => {}): LiveBoard {
  const client = createClient(KitchenService, transport);
  const board = new Board();
  const clock = new ServerClock();
  const tickets = signal<readonly Ticket[] | null>(null);
  const show = () => (tickets.value = board.tickets());
  // A busy second, or a cut that is over, brings many at once.
  const news = coalesced(show);

  const stream: Stream<typeof WatchTicketsResponseSchema> = {
    name: `WatchTickets ${SHOP} ${token}`,
    schema: WatchTicketsResponseSchema,
    open: (signal) => client.watchTickets({ shopId: SHOP }, { signal, headers: bearer(token) }),
    state: () => {
      const tickets = board.toldTickets();
      if (!tickets) return [];
      return [create(WatchTicketsResponseSchema, { news: { case: "snapshot", value: { tickets, complete: true } } })];
    },
  };

  async function visit({ signal, current }: Attempt): Promise<boolean> {
    board.begin();
    for await (const { message, ageMs } of shared(stream, signal)) {
      const { news: change } = message;
      const gone = change.case === "removed" && board.find(change.value.orderId);
      const outcome = board.receive(change);
      if (gone && outcome === "changed") left(gone, change.value.revision, clock.at(performance.now()) ?? Date.now());
      if (outcome === "changed") news.ask();
      if (change.case !== "heartbeat") continue;
      clock.hear(change.value.serverTime);
      if (outcome === "mismatch") throw new ConnectError("the board held is not the board kept", Code.DataLoss);
      show(); // A reply may have been dropped.
      current(ageMs);
    }
    return false;
  }

  const { health, tryNow, stop: stopWatching } = keepWatching(visit, { silenceMs: SILENCE_MS, ask: async () => (await import("../menu/menu.ts")).askMenu() });
  const reply = (ticket: Ticket) => {
    if (board.reply(ticket) === "changed") show();
  };
  const stop = () => {
    stopWatching();
    news.stop();
  };
  return { tickets, health, clock, tryNow, reply, stop };
}
