import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { TicketSchema } from "../../gen/comanda/kitchen/v1/ticket_pb.ts";
import { OrderState } from "../../gen/comanda/type/v1/order_state_pb.ts";
import { createSteps, type Step } from "./undo.ts";

beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
afterEach(() => mock.timers.reset());

const step: Step = {
  before: create(TicketSchema, { orderId: "a" }),
  after: OrderState.PREPARING,
  lines: [],
  requestIds: ["1"],
  revision: 1n,
};

test("a step can be undone for eight seconds, and longer while somebody is at its button", () => {
  const steps = createSteps(() => false);
  steps.show(step);
  mock.timers.tick(7_000);
  steps.hold("a");
  mock.timers.tick(60_000);
  assert.equal(steps.shown.value.size, 1);
  steps.release("a");
  mock.timers.tick(7_999);
  assert.equal(steps.shown.value.size, 1);
  mock.timers.tick(1);
  assert.equal(steps.shown.value.size, 0);
});

test("what waits to be sent can be undone for as long as it waits", () => {
  let waits = true;
  const steps = createSteps(() => waits);
  steps.show(step);
  mock.timers.tick(60_000);
  assert.equal(steps.shown.value.size, 1);
  waits = false;
  mock.timers.tick(8_000);
  assert.equal(steps.shown.value.size, 0);
});

test("the board is still while a finger is down, and half a second after each tap", () => {
  const steps = createSteps(() => false);
  steps.fingerDown();
  mock.timers.tick(10_000);
  assert.equal(steps.isStill.value, true);
  steps.fingerUp();
  steps.rest("a");
  mock.timers.tick(499);
  assert.equal(steps.isStill.value, true);
  mock.timers.tick(1);
  assert.equal(steps.isStill.value, false);
});
