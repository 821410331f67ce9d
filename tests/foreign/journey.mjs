// An order's journey as a web team would drive it: connect-web over grpc-web, here under Node, whose fetch is the browser's.
// The messages come from the contracts' descriptors, which buf builds from `proto/`; no step of code generation.
//
//     COMANDA_URL=http://127.0.0.1:8080 COMANDA_TOKEN=… node journey.mjs
//
// Exits with 0 only if each step was answered, and shown on both streams, as the contracts say.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

// The web pages' packages serve here too.
const web = new URL("../../gateway/web/", import.meta.url);
const require = createRequire(web);
const { createFileRegistry, fromBinary } = require("@bufbuild/protobuf");
const { FileDescriptorSetSchema } = require("@bufbuild/protobuf/wkt");
const { Code, ConnectError, createClient } = require("@connectrpc/connect");
const { createGrpcWebTransport } = require("@connectrpc/connect-web");

const { COMANDA_URL: baseUrl, COMANDA_TOKEN: staff } = process.env;
assert(baseUrl && staff, "COMANDA_URL and COMANDA_TOKEN must be set");

// For one call, and for a whole stream. Generous: a busy machine is no failure.
const CALL = 30_000;
const STREAM = 90_000;

function contracts(folder) {
  const buf = fileURLToPath(new URL("node_modules/.bin/buf", web));
  const image = execFileSync(buf, ["build", fileURLToPath(folder), "--as-file-descriptor-set", "-o", "-"]);
  return createFileRegistry(fromBinary(FileDescriptorSetSchema, image));
}

const ours = contracts(new URL("../../proto", import.meta.url));
const rpc = contracts(new URL("proto", web));
const transport = createGrpcWebTransport({ baseUrl, defaultTimeoutMs: CALL });
const client = (service) => createClient(ours.getService(`comanda.${service}`), transport);
const catalog = client("catalog.v1.CatalogService");
const orders = client("orders.v1.OrderService");
const kitchen = client("kitchen.v1.KitchenService");
const states = ours.getEnum("comanda.type.v1.OrderState");
const state = ({ state }) => states.value[state].localName;

const bearer = (token) => ({ headers: { authorization: `Bearer ${token}` } });
const watching = (token) => ({ ...bearer(token), timeoutMs: STREAM });

/** Reads a stream until the wish finds something in a message. */
async function until(stream, what, wish) {
  for (;;) {
    const { done, value } = await stream.next();
    assert(!done, `the stream ended before: ${what}`);
    const found = wish(value.news);
    if (found) {
      console.log(`seen: ${what}`);
      return found;
    }
  }
}

const follow = (stream) => stream[Symbol.asyncIterator]();

async function isRefusedAtAnotherPrice(wanted) {
  const lines = [{ ...wanted.lines[0], seenUnitPrice: { currencyCode: "BRL", minorUnits: 1n } }];
  const refused = await orders.placeOrder({ ...wanted, requestId: randomUUID(), lines }).then(
    () => assert.fail("an order at a price of long ago was accepted"),
    (error) => ConnectError.from(error),
  );
  assert.equal(refused.code, Code.FailedPrecondition, refused.message);
  const detail = (name) => refused.findDetails(rpc.getMessage(`google.rpc.${name}`))[0] ?? assert.fail(`no ${name}`);
  const { domain, reason, metadata } = detail("ErrorInfo");
  assert.deepEqual([domain, reason, metadata["lines[0].seen"]], ["comanda", "PRICE_CHANGED", "1"]);
  assert.equal(detail("LocalizedMessage").locale, "pt-BR");
  console.log(`refused: ${detail("LocalizedMessage").message}`);
}

async function place(wanted) {
  const marks = [];
  const onHeader = (headers) => marks.push(headers.get("x-idempotent-replay"));
  const placed = await orders.placeOrder(wanted, { onHeader });
  const again = await orders.placeOrder(wanted, { onHeader });
  assert.deepEqual(marks, [null, "true"], "the repeat, and only the repeat, is marked as one");
  assert.deepEqual(again, placed, "the repeat has another answer");
  console.log(`placed: number ${placed.order.number}, and its repeat is the same order`);
  return placed;
}

const { menu } = await catalog.getMenu({ shopId: "main" });
const products = menu.categories.flatMap((category) => category.products);
// The staples: no choice must be made, and never sold out.
const product = products.find(({ name }) => name === "Pão de queijo");
assert(product, `no pão de queijo among ${products.length} products`);
const board = follow(kitchen.watchTickets({ shopId: "main" }, watching(staff)));
await until(board, "the whole board", (news) => news.case === "snapshot" && news.value.complete);

const wanted = {
  requestId: randomUUID(),
  customerName: "Brendan",
  serviceMode: { mode: { case: "takeAway", value: {} } },
  lines: [{ productId: product.productId, quantity: 2, seenUnitPrice: product.price }],
};
await isRefusedAtAnotherPrice(wanted);
const placed = await place(wanted);
assert.equal(placed.order.total.minorUnits, 2n * product.price.minorUnits);
const { orderId } = placed.order;
let ticket = await until(board, "the ticket on the board", (news) =>
  news.case === "upsert" && news.value.orderId === orderId && news.value);
assert.deepEqual([ticket.number, ticket.lines[0].quantity], [placed.order.number, 2]);
const order = follow(orders.watchOrder({ orderId }, watching(placed.viewToken)));
await until(order, "the kitchen has it", (news) => news.case === "order" && news.value.ticketTime);

for (const [step, after] of [["startTicket", "PREPARING"], ["markReady", "READY"], ["markCollected", "COLLECTED"]]) {
  const tap = { requestId: randomUUID(), orderId, revision: ticket.revision };
  ({ ticket } = await kitchen[step](tap, bearer(staff)));
  assert.equal(state(ticket), after, step);
  const shown = await until(order, `the order is ${after}`, (news) =>
    news.case === "order" && state(news.value) === after && news.value);
  assert.equal(shown.revision, ticket.revision + 1n, "an order is one ahead of its ticket");
}
await until(board, "the ticket left the board", (news) => news.case === "removed" && news.value.orderId === orderId);
// Both streams stay open for as long as they are read: this is where we stop.
process.exit();
