import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { TicketSchema } from "../../gen/comanda/kitchen/v1/ticket_pb.ts";
import { OrderState } from "../../gen/comanda/type/v1/order_state_pb.ts";
import { keepPlaces, lanesOf, slotsOf, type Slot } from "./slots.ts";
import type { Step } from "./undo.ts";

const ticket = (seq: number, state = OrderState.RECEIVED) =>
  create(TicketSchema, { orderId: `${seq}`, acceptedSeq: BigInt(seq), state });
const stepOf = (seq: number): Step =>
  ({ before: ticket(seq), after: OrderState.PREPARING, lines: [], requestIds: [], revision: 1n });
const words = (slots: Slot[]) => slots.map(({ kind, id }) => `${kind} ${id}`);

test("in one flow only what has left the board leaves something in its place", () => {
  const tickets = [ticket(3), ticket(2, OrderState.PREPARING)];
  assert.deepEqual(words(slotsOf(tickets, [stepOf(2), stepOf(1)])), ["undo 1", "card 2", "card 3"]);
});

test("in lanes what can be undone stays where its card was", () => {
  const lanes = (...given: Parameters<typeof lanesOf>) => lanesOf(...given).map(words);
  const tickets = [ticket(1), ticket(2, OrderState.PREPARING), ticket(3)];
  assert.deepEqual(lanes(tickets, [stepOf(2)]), [["card 1", "undo 2", "card 3"], ["card 2"], []]);
  assert.deepEqual(lanes([ticket(1)], [stepOf(1)]), [["card 1"], [], []], "it came back");
  assert.deepEqual(lanes([], [{ ...stepOf(1), after: null }]), [[], [], []], "it never left");
  assert.deepEqual(lanes([ticket(1, OrderState.CANCELLED)], []), [["card 1"], [], []], "among the new ones");
});

test("nothing moves while places are kept", () => {
  const before = slotsOf([ticket(1), ticket(2)], []);
  const now = slotsOf([ticket(2), ticket(0), ticket(5)], []);
  assert.deepEqual(words(keepPlaces(before, now)), ["hole 1", "card 2", "card 0", "card 5"]);
});
