import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { TicketSchema } from "../../gen/comanda/kitchen/v1/ticket_pb.ts";
import { OrderState } from "../../gen/comanda/type/v1/order_state_pb.ts";
import { totalsOf } from "./totals.ts";

const line = (name: string, quantity: number, options: string[] = [], done = false) => ({ name, quantity, options, done });
const ticket = (state: OrderState, ...lines: ReturnType<typeof line>[]) => create(TicketSchema, { state, lines });

test("what is still to be made is added up over all tickets", () => {
  const tickets = [
    ticket(OrderState.RECEIVED, line("Cappuccino", 2, ["Aveia"]), line("Tostex", 1)),
    ticket(OrderState.PREPARING, line("Cappuccino", 5, ["Grande"]), line("Tostex", 4, [], true)),
    ticket(OrderState.READY, line("Cappuccino", 9)),
    ticket(OrderState.CANCELLED, line("Cappuccino", 9)),
  ];
  const words = (totals: ReturnType<typeof totalsOf>) =>
    totals.map(({ name, quantity, options }) => `${quantity} ${name} ${options.map((one) => `${one.quantity} ${one.name}`)}`);
  assert.deepEqual(words(totalsOf(tickets, () => true)), ["7 Cappuccino 5 Grande,2 Aveia", "1 Tostex "]);
  assert.deepEqual(words(totalsOf(tickets, ({ name }) => name === "Tostex")), ["1 Tostex "]);
});
