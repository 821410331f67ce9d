// Steps of a ticket, as another tablet takes them.

import { createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { KitchenService } from "../../src/gen/comanda/kitchen/v1/kitchen_service_pb.ts";
import { OrderState } from "../../src/gen/comanda/type/v1/order_state_pb.ts";
import type { Comanda } from "./comanda.ts";
import type { Placed } from "./orders.ts";
import { expect } from "./test.ts";

/** From RECEIVED, as soon as the ticket is there. */
export async function advance(comanda: Comanda, { id: orderId }: Placed, state: OrderState.PREPARING | OrderState.READY): Promise<void> {
  const kitchen = createClient(KitchenService, createGrpcWebTransport({ baseUrl: comanda.origin }));
  const headers = { authorization: `Bearer ${comanda.staffToken}` };
  const change = { requestId: crypto.randomUUID(), orderId, revision: 1n };
  await expect(() => kitchen.startTicket(change, { headers })).toPass();
  if (state === OrderState.PREPARING) return;
  await kitchen.markReady({ requestId: crypto.randomUUID(), orderId, revision: 2n }, { headers });
}
