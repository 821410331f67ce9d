import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { TicketSchema } from "../../gen/comanda/kitchen/v1/ticket_pb.ts";
import { OrderState } from "../../gen/comanda/type/v1/order_state_pb.ts";
import { keepPlaces, slotsOf, type Slot } from "./slots.ts";
import type { Step } from "./undo.ts";

const ticket = (seq: number, state = OrderState.RECEIVED) =>
  create(TicketSchema, { orderId: `${seq}`, acceptedSeq: BigInt(seq), state });
const stepOf = (seq: number): Step =>
  ({ before: ticket(seq), after: OrderState.PREPARING, lines: [], requestIds: [], revision: 1n });
const words = (columns: Slot[][]) => columns.map((slots) => slots.map(({ kind, id }) => `${kind} ${id}`));

test("what can be undone stays where its card was", () => {
  const tickets = [ticket(1), ticket(2, OrderState.PREPARING), ticket(3)];
  assert.deepEqual(words(slotsOf(tickets, [stepOf(2)])), [["card 1", "undo 2", "card 3"], ["card 2"], []]);
  assert.deepEqual(words(slotsOf([ticket(1)], [stepOf(1)])), [["card 1"], [], []], "it came back");
  assert.deepEqual(words(slotsOf([], [{ ...stepOf(1), after: null }])), [[], [], []], "it never left");
});

test("a cancelled ticket is among the new ones", () => {
  assert.deepEqual(words(slotsOf([ticket(1, OrderState.CANCELLED)], [])), [["card 1"], [], []]);
});

test("nothing moves while places are kept", () => {
  const before = slotsOf([ticket(1), ticket(2), ticket(4, OrderState.PREPARING)], []);
  const now = slotsOf([ticket(2), ticket(3, OrderState.PREPARING), ticket(4, OrderState.PREPARING), ticket(5)], []);
  assert.deepEqual(words(keepPlaces(before, now)), [["hole 1", "card 2", "card 5"], ["card 4", "card 3"], []]);
});
