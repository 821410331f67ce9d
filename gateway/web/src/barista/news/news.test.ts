import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { TicketSchema, type Ticket } from "../../gen/comanda/kitchen/v1/ticket_pb.ts";
import { OrderState } from "../../gen/comanda/type/v1/order_state_pb.ts";
import { newsOf } from "./news.ts";

const lines = [{ name: "Latte", quantity: 1, done: false }];
const ana = create(TicketSchema, { orderId: "a", revision: 1n, state: OrderState.RECEIVED, customerName: "Ana", lines });
const later = (change: Partial<Ticket>): Ticket => ({ ...ana, revision: 2n, ...change });
const words = (before: Ticket[], now: Ticket[]) => newsOf(before, now).map(({ kind, ticket }) => `${kind} ${ticket.orderId}`);

test("an order that comes is news, unless it comes back from later on", () => {
  assert.deepEqual(words([], [ana]), ["new a"]);
  assert.deepEqual(words([ana], [ana, later({ orderId: "b" })]), ["new b"]);
  assert.deepEqual(words([], [later({ state: OrderState.READY })]), []);
});

test("what others ask for is news, what the kitchen does is none", () => {
  assert.deepEqual(words([ana], [later({ customerName: "Bia" })]), ["changed a"]);
  assert.deepEqual(words([ana], [later({ lines: [{ ...ana.lines[0]!, quantity: 2 }] })]), ["changed a"]);
  assert.deepEqual(words([ana], [later({ lines: [{ ...ana.lines[0]!, done: true }] })]), []);
  assert.deepEqual(words([ana], [later({ state: OrderState.PREPARING })]), []);
  assert.deepEqual(words([ana], []), []);
});

test("a cancellation is news once", () => {
  const cancelled = later({ state: OrderState.CANCELLED });
  assert.deepEqual(words([ana], [cancelled]), ["cancelled a"]);
  assert.deepEqual(words([cancelled], [{ ...cancelled, revision: 3n }]), []);
});
