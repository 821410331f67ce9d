// The call that a tap stands for.

import { createClient, type CallOptions } from "@connectrpc/connect";
import { KitchenService } from "../../gen/comanda/kitchen/v1/kitchen_service_pb.ts";
import type { Ticket } from "../../gen/comanda/kitchen/v1/ticket_pb.ts";
import { transport } from "../../lib/call/transport.ts";
import { asPerson } from "../person/person.ts";
import type { Tap } from "./tap.ts";

const kitchen = createClient(KitchenService, transport);
/** Asked for now and then only, so fetched then. */
const orders = async () => createClient((await import("../../gen/comanda/orders/v1/order_service_pb.ts")).OrderService, transport);

/** The ticket as it is then; a cancellation is answered by Orders, who has none. */
export function send(tap: Tap): Promise<Ticket | undefined> {
  return asPerson(tap.staffId, (options) => call(tap, options));
}

async function call({ kind, ...tap }: Tap, options: CallOptions): Promise<Ticket | undefined> {
  const { requestId, orderId, revision, line = 0, done = false, reason = "" } = tap;
  const step = { requestId, orderId, revision };
  switch (kind) {
    case "start":
      return (await kitchen.startTicket(step, options)).ticket;
    case "ready":
      return (await kitchen.markReady(step, options)).ticket;
    case "collect":
      return (await kitchen.markCollected(step, options)).ticket;
    case "acknowledge":
      return (await kitchen.acknowledgeCancellation(step, options)).ticket;
    case "revert":
      return (await kitchen.revertTicket(step, options)).ticket;
    case "reopen":
      return (await kitchen.reopenTicket({ ...step, reason }, options)).ticket;
    case "tick":
      return (await kitchen.completeLine({ requestId, orderId, line, done }, options)).ticket;
    case "cancel":
      await (await orders()).cancelOrder({ requestId, orderId, reason }, options);
      return undefined;
  }
}
