import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { TicketSchema } from "../../gen/comanda/kitchen/v1/ticket_pb.ts";
import { OrderState } from "../../gen/comanda/type/v1/order_state_pb.ts";
import { withAnswer, withRefusal, withTaps, type Tap } from "./tap.ts";

const ticket = create(TicketSchema, { orderId: "a", state: OrderState.RECEIVED, revision: 3n, lines: [{ index: 0 }, { index: 1 }] });
let made = 0;
const tap = (rest: Partial<Tap>): Tap => ({
  requestId: `${++made}`,
  kind: "start",
  orderId: "a",
  number: "1",
  revision: 3n,
  staffId: "",
  sent: false,
  ...rest,
});
const start = () => tap({ to: OrderState.PREPARING });
const ready = () => tap({ kind: "ready", to: OrderState.READY });

test("waiting taps show what they will make, one after the other", () => {
  const shown = (...taps: Tap[]) => withTaps([ticket], taps)[0];
  assert.equal(shown()?.state, OrderState.RECEIVED);
  assert.equal(shown(start())?.state, OrderState.PREPARING);
  assert.equal(shown(start(), ready())?.state, OrderState.READY);
  assert.deepEqual(shown(start(), ready())?.lines.map((line) => line.done), [true, true]);
  assert.deepEqual(shown(tap({ kind: "tick", line: 1, done: true }))?.lines.map((line) => line.done), [false, true]);
  assert.equal(shown(tap({ kind: "collect", to: OrderState.COLLECTED })), undefined);
  assert.equal(shown(tap({ kind: "cancel", to: OrderState.CANCELLED, reason: "acabou" }))?.cancelReason, "acabou");
  assert.equal(shown({ ...start(), refused: "no" })?.state, OrderState.RECEIVED);
  assert.equal(shown(tap({ ...start(), orderId: "b" }))?.state, OrderState.RECEIVED);
});

test("an answer lets the taps behind it go on from its revision", () => {
  const [first, behind, other] = [start(), ready(), tap({ orderId: "b" })];
  const left = withAnswer([first, behind, other], first, 9n);
  assert.deepEqual(left.map(({ revision }) => revision), [9n, 3n]);
});

test("a refused step takes those that build on it along, but not a tick", () => {
  const [first, behind, tick, other] = [start(), ready(), tap({ kind: "tick", line: 0 }), tap({ orderId: "b" })];
  const refused = (taps: Tap[]) => taps.map((one) => one.refused);
  assert.deepEqual(refused(withRefusal([first, behind, tick, other], first, "no", "so no")), ["no", "so no", undefined, undefined]);
  assert.deepEqual(refused(withRefusal([tick, behind], tick, "no", "so no")), ["no", undefined]);
});
