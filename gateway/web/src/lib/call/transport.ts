// How calls leave the page: grpc-web, to the origin that served it.

import type { Interceptor } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { newRequestId } from "./request_id.ts";
import { text } from "../text/text.ts";

const language: Interceptor = (next) => (request) => {
  request.header.set("accept-language", text.locale);
  return next(request);
};

// Each call begins a trace that goes on through the gateway, the broker and the kitchen. Parent and sampling flag as the
// W3C trace context writes them.
const trace: Interceptor = (next) => (request) => {
  const id = newRequestId().replaceAll("-", "");
  request.header.set("traceparent", `00-${id}-${id.slice(0, 16)}-01`);
  return next(request);
};

export const transport = createGrpcWebTransport({ baseUrl: location.origin, interceptors: [language, trace] });

/** Deadline of a call that has one answer. A call without an answer by then counts as lost. */
export const CALL_TIMEOUT_MS = 10_000;

export function bearer(token: string): { authorization: string } {
  return { authorization: `Bearer ${token}` };
}
