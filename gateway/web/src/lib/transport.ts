// How calls leave the page: grpc-web, to the origin that served it.

import type { Interceptor } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { text } from "./text.ts";

const language: Interceptor = (next) => (request) => {
  request.header.set("accept-language", text.locale);
  return next(request);
};

export const transport = createGrpcWebTransport({ baseUrl: location.origin, interceptors: [language] });

export const SHOP = "main";

/** Deadline of a call that has one answer. A call without an answer by then counts as lost. */
export const CALL_TIMEOUT_MS = 10_000;

export function bearer(token: string): { authorization: string } {
  return { authorization: `Bearer ${token}` };
}
