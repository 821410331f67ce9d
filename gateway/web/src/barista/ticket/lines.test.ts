import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { TicketSchema } from "../../gen/comanda/kitchen/v1/ticket_pb.ts";
import { OrderState } from "../../gen/comanda/type/v1/order_state_pb.ts";
import { nextOf, progressOf } from "./lines.ts";

function next(shown: string[], lines: [string[], boolean][], state = OrderState.PREPARING) {
  const ticket = create(TicketSchema, { state, lines: lines.map(([stations, done], index) => ({ index, stations, done })) });
  const next = nextOf(ticket, shown);
  return next.tap === "lines" ? next.lines.map((line) => line.index) : next.tap === "none" ? next.waitsFor : next.tap;
}

test("a tablet of the whole board says that all is ready", () => {
  assert.equal(next([], [[["bar"], false]]), "step");
});

test("a station's tablet says so only of its own lines, until none is open", () => {
  const lines = (bar: boolean, kitchen: boolean, all: boolean): [string[], boolean][] => [
    [["bar"], bar],
    [["kitchen", "oven"], kitchen],
    [[], all],
  ];
  assert.deepEqual(next(["bar"], lines(false, false, false)), [0, 2]);
  assert.deepEqual(next(["bar"], lines(true, false, false)), [2]);
  assert.deepEqual(next(["bar"], lines(true, false, true)), ["kitchen", "oven"]);
  assert.equal(next(["bar"], lines(true, true, true)), "step");
  assert.deepEqual(next(["bar", "oven"], lines(true, false, true)), [1]);
});

test("starting and handing over are everybody's", () => {
  for (const state of [OrderState.RECEIVED, OrderState.READY, OrderState.CANCELLED]) {
    assert.equal(next(["bar"], [[["kitchen"], false]], state), "step");
  }
});

test("the expediter sees how far each station is", () => {
  const lines = [
    { stations: ["kitchen"], done: true },
    { stations: ["bar", "kitchen"], done: false },
    { stations: [], done: false },
  ];
  assert.deepEqual(progressOf({ lines }), [
    { station: "bar", done: 0, all: 1 },
    { station: "kitchen", done: 1, all: 2 },
  ]);
});
