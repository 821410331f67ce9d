// Places an order exactly once, whatever happens to the answers.
//
// The whole request, with its request_id, is stored before it is first sent and stays until the server has given a
// definite answer. Repeats, also those after a reload or from another tab, send that same request, so they are the
// same order.

import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { base64Decode, base64Encode } from "@bufbuild/protobuf/wire";
import { createClient } from "@connectrpc/connect";
import {
  OrderService,
  PlaceOrderRequestSchema,
  type PlaceOrderRequest,
  type PlaceOrderResponse,
} from "../../gen/comanda/orders/v1/order_service_pb.ts";
import type { ServiceMode } from "../../gen/comanda/type/v1/service_mode_pb.ts";
import { explain, invalidFields, isRateLimited, leavesOut, reasonOf, supportCode } from "../../lib/call/errors.ts";
import { askMenu, menu } from "../../lib/menu/menu.ts";
import { newRequestId } from "../../lib/call/request_id.ts";
import { untilAnswered } from "../../lib/call/retry.ts";
import { SHOP } from "../../lib/shop.ts";
import { read, remove, write } from "../../lib/storage.ts";
import { text } from "../../lib/text/text.ts";
import { serverNow } from "../../lib/time/server_time.ts";
import { transport } from "../../lib/call/transport.ts";
import type { PricedLine } from "../basket/basket.ts";
import { lineErrorsOf, type LineErrors } from "./line_errors.ts";
import { PENDING, placing, type Problem } from "./placing.ts";
import { keepBasket, keepOrder } from "../store.ts";

const client = createClient(OrderService, transport);
let retryNow = new AbortController();
/** Counts the attempts of this page, so that one that was given up no longer touches the screen. */
let latest = 0;

export interface OrderDraft {
  customerName: string;
  mode: ServiceMode["mode"];
  lines: readonly PricedLine[];
  currencyCode: string;
}

export function placeOrder(wish: OrderDraft): void {
  if (placing.peek().state !== "idle") return;
  // Another tab may have sent this basket already; then this is one more repeat.
  if (!pending()) write(PENDING, base64Encode(toBinary(PlaceOrderRequestSchema, requestFor(wish))));
  void send();
}

export function sendPending(): void {
  if (pending() && placing.peek().state === "idle") void send();
}

export function tryNow(): void {
  retryNow.abort();
}

/** The customer no longer wants to wait. The order may exist all the same. */
export function giveUp(): void {
  latest++;
  remove(PENDING);
  retryNow.abort();
  placing.value = { state: "idle", problem: null };
}

async function send(): Promise<void> {
  const request = pending();
  if (!request) return;
  const mine = ++latest;
  const stillWanted = () => mine === latest && pending()?.requestId === request.requestId;
  placing.value = { state: "sending" };
  try {
    const reply = await untilAnswered(() => client.placeOrder(request), {
      again: stillWanted,
      waits: (error, ms) => {
        placing.value = { state: "retrying", until: isRateLimited(error) ? performance.now() + ms : 0 };
      },
      retryNow: () => (retryNow = new AbortController()).signal,
    });
    if (stillWanted()) accepted(reply);
    else if (mine === latest) placing.value = { state: "idle", problem: null };
  } catch (error) {
    if (stillWanted()) refused(request, error);
    // Another tab has had the answer.
    else if (mine === latest) placing.value = { state: "idle", problem: null };
  }
}

function accepted({ order, ownToken, viewToken }: PlaceOrderResponse): void {
  if (!order) {
    placing.value = { state: "idle", problem: problemOf(text.errors.unexpected) };
    return;
  }
  const fragment = `${order.orderId}.${ownToken}`;
  const shared = `${order.orderId}.${viewToken}`;
  keepOrder({ number: order.number.toString(), fragment, shared, atMs: serverNow(), isOver: false });
  keepBasket([]);
  // Last: until here a reload asks again and gets the same answer.
  remove(PENDING);
  // "Back" may bring this very page back to life.
  addEventListener("pagehide", () => (placing.value = { state: "idle", problem: null }), { once: true });
  location.assign(`/acompanhar#${fragment}`);
}

/** A refusal is final for its request_id: whoever orders again makes a new request. */
function refused(request: PlaceOrderRequest, error: unknown): void {
  remove(PENDING);
  const fields = invalidFields(error);
  const refusal = problemOf(inWords(error, fields), reasonOf(error), lineErrorsOf(request, error));
  const problem = { ...refusal, code: supportCode(error), fields };
  placing.value = { state: "idle", problem };
  if (leavesOut(error)) void markTheOthers(problem, request, error);
}

/** The server calls a field as the contract does; people know it by what the form calls it. */
function inWords(error: unknown, [field, ...others]: readonly string[]): string {
  if (field === undefined) return explain(error);
  const label = field === "customer_name" ? text.checkout.name : field.includes("table") ? text.checkout.table : "";
  return label && others.length === 0 ? explain(error).replace(/^[\w.[\]]+(?=:)/, label) : text.reasons.FIELD_INVALID;
}

/** An answer names the first lines only: the menu, asked for again, knows the others. */
async function markTheOthers(problem: Problem, request: PlaceOrderRequest, error: unknown): Promise<void> {
  const now = await askMenu().catch(() => null);
  const shown = placing.peek();
  if (!now || shown.state !== "idle" || shown.problem !== problem) return;
  const lineErrors = lineErrorsOf(request, error, now);
  placing.value = { state: "idle", problem: { ...problemOf(problem.message, problem.reason, lineErrors), code: problem.code } };
}

function problemOf(message: string, reason = "", lineErrors: LineErrors = new Map()): Problem {
  return { message, reason, lineErrors, code: "", fields: [], menuVersion: menu.peek()?.version ?? -1n };
}

function requestFor({ customerName, mode, lines, currencyCode }: OrderDraft): PlaceOrderRequest {
  return create(PlaceOrderRequestSchema, {
    requestId: newRequestId(),
    shopId: SHOP,
    customerName,
    serviceMode: { mode },
    lines: lines.map(({ productId, quantity, optionIds, note, allergy, price }) => ({
      productId,
      quantity,
      optionIds,
      note: note.trim(),
      allergy: allergy.trim(),
      seenUnitPrice: { currencyCode, minorUnits: price },
    })),
  });
}

function pending(): PlaceOrderRequest | null {
  const stored = read(PENDING);
  if (!stored) return null;
  try {
    return fromBinary(PlaceOrderRequestSchema, base64Decode(stored));
  } catch {
    remove(PENDING);
    return null;
  }
}
