import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { OrderSchema } from "../../gen/comanda/orders/v1/order_pb.ts";
import { isViewOnly, newer, parseFragment } from "./order.ts";

const ID = "0192f6c0-1234-7abc-b3f2-a1c4d5e6f708";

test("the fragment names the order and its token", () => {
  assert.deepEqual(parseFragment(`#${ID}.k1-AbC_9`), { orderId: ID, token: "k1-AbC_9" });
  assert.deepEqual(parseFragment(`#${ID}.k1.AbC`), { orderId: ID, token: "k1.AbC" });
});

test("only a token for sharing is told apart", () => {
  assert.equal(isViewOnly("k1.v.AbC"), true);
  assert.equal(isViewOnly("k1.o.AbC"), false);
});

test("an incomplete link is no link", () => {
  for (const hash of ["", "#", `#${ID}`, `#${ID}.`, "#abc.token", `#${ID}.a b`]) assert.equal(parseFragment(hash), null);
});

test("only a higher revision replaces an order", () => {
  const at = (revision: bigint) => create(OrderSchema, { revision });
  const two = at(2n);
  assert.equal(newer(null, two), two);
  assert.equal(newer(two, at(1n)), two);
  assert.equal(newer(two, at(2n)), two);
  assert.equal(newer(two, at(3n)).revision, 3n);
});
