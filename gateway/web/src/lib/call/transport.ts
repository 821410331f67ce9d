// How calls leave the page: grpc-web, to the origin that served it.

import { ConnectError, type Interceptor, type Transport } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { fetchOrEarly } from "./early.ts";
import { TRACE_ID } from "./errors.ts";
import { newRequestId } from "./request_id.ts";
import { text } from "../text/text.ts";

const language: Interceptor = (next) => (request) => {
  request.header.set("accept-language", text.locale);
  return next(request);
};

// Each call begins a trace that goes on through the gateway, the broker and the kitchen. Parent and sampling flag as the
// W3C trace context writes them.
const trace: Interceptor = (next) => async (request) => {
  const id = newRequestId().replaceAll("-", "");
  request.header.set("traceparent", `00-${id}-${id.slice(0, 16)}-01`);
  const noted = (error: unknown) => {
    const failed = ConnectError.from(error);
    failed.metadata.set(TRACE_ID, id);
    return failed;
  };
  try {
    const response = await next(request);
    return response.stream ? { ...response, message: noting(response.message, noted) } : response;
  } catch (error) {
    throw noted(error);
  }
};

async function* noting<T>(messages: AsyncIterable<T>, noted: (error: unknown) => ConnectError): AsyncGenerator<T> {
  try {
    yield* messages;
  } catch (error) {
    throw noted(error);
  }
}

const grpcWeb = createGrpcWebTransport({ baseUrl: location.origin, interceptors: [language, trace], fetch: fetchOrEarly });

/** A call without its one answer by then counts as lost, also where it only waited for a connection. */
const CALL_TIMEOUT_MS = 10_000;

export const transport: Transport = {
  unary: (method, signal, timeoutMs = CALL_TIMEOUT_MS, ...rest) => grpcWeb.unary(method, signal, timeoutMs, ...rest),
  stream: grpcWeb.stream,
};

export function bearer(token: string): { authorization: string } {
  return { authorization: `Bearer ${token}` };
}
