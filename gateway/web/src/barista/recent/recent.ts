// What this tablet saw being handed over today, newest first: what was handed over by mistake is put back from here.

import { signal } from "@preact/signals";
import type { Ticket } from "../../gen/comanda/kitchen/v1/ticket_pb.ts";
import { OrderState } from "../../gen/comanda/type/v1/order_state_pb.ts";
import { shopKey } from "../../lib/shop.ts";
import { onForeignChange, read, write } from "../../lib/storage.ts";
import { parseRecent, type Recent } from "./stored.ts";

const KEY = shopKey("comanda.recent");
const MOST = 20;

export const recent = signal<readonly Recent[]>(parseRecent(read(KEY)));
onForeignChange(KEY, () => (recent.value = parseRecent(read(KEY))));

/** A ticket left the board, at that revision and moment. */
export function rememberLeft(ticket: Ticket, revision: bigint, atMs: number): void {
  if (ticket.state !== OrderState.READY) return;
  const { orderId, number, customerName: name } = ticket;
  const one = { orderId, number: `${number}`, name, revision: `${revision}`, atMs };
  recent.value = [one, ...recent.peek().filter((other) => other.orderId !== orderId)].slice(0, MOST);
  write(KEY, JSON.stringify(recent.value));
}
