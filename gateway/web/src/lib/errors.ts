// What a failed call means: is it an answer or a lost one, and what to tell people.

import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorInfoSchema, LocalizedMessageSchema, RetryInfoSchema } from "../gen/google/rpc/error_details_pb.ts";
import type { Text } from "../text/pt_br.ts";
import { text } from "./text.ts";

/** True for an answer: the same request would be answered the same way. Anything else may have been done or not. */
export function isRefusal(error: unknown): boolean {
  switch (ConnectError.from(error).code) {
    case Code.InvalidArgument:
    case Code.NotFound:
    case Code.AlreadyExists:
    case Code.FailedPrecondition:
    case Code.Aborted:
    case Code.OutOfRange:
      return true;
    default:
      return false;
  }
}

/** True when the token is the problem. */
export function lacksAccess(error: unknown): boolean {
  const { code } = ConnectError.from(error);
  return code === Code.Unauthenticated || code === Code.PermissionDenied;
}

/** True when no answer came back at all; what the server answers always carries a reason. */
export function isUnreachable(error: unknown): boolean {
  const { code } = ConnectError.from(error);
  const silent = [Code.Unknown, Code.Unavailable, Code.DeadlineExceeded, Code.Canceled].includes(code);
  return silent && !reasonOf(error);
}

/** True when the server did nothing, because too much was asked from here; it says how long to wait. */
export function isRateLimited(error: unknown): boolean {
  return reasonOf(error) === "RATE_LIMITED";
}

export function reasonOf(error: unknown): string {
  if (!error) return "";
  return ConnectError.from(error).findDetails(ErrorInfoSchema)[0]?.reason ?? "";
}

/** Facts for programs, by name. */
export function metadataOf(error: unknown): Readonly<Record<string, string>> {
  return ConnectError.from(error).findDetails(ErrorInfoSchema)[0]?.metadata ?? {};
}

/** How long the server asks to wait before a repeat; 0 when it does not say. */
export function retryDelayMs(error: unknown): number {
  const delay = ConnectError.from(error).findDetails(RetryInfoSchema)[0]?.retryDelay;
  return delay ? Number(delay.seconds) * 1000 + delay.nanos / 1e6 : 0;
}

/** A sentence for people: the server's own, unless the language was switched since it was sent. */
export function explain(error: unknown): string {
  const details = ConnectError.from(error).findDetails(LocalizedMessageSchema);
  const sent = sentence(details.find(({ locale }) => locale === text.locale)?.message ?? "");
  const known = byReason[reasonOf(error)];
  return sent || (known ? text.errors[known] : byCode(ConnectError.from(error).code));
}

function sentence(message: string): string {
  const words = message.charAt(0).toLocaleUpperCase(text.locale) + message.slice(1);
  return /\p{L}$/u.test(words) ? `${words}.` : words;
}

const byReason: Record<string, keyof Text["errors"]> = {
  ORDER_NOT_FOUND: "orderNotFound",
  TICKET_NOT_FOUND: "orderNotFound",
  PRODUCT_NOT_FOUND: "productNotFound",
  PRODUCT_SOLD_OUT: "soldOut",
  PRICE_CHANGED: "priceChanged",
  STATE_TRANSITION_FORBIDDEN: "stateForbidden",
  REVISION_MISMATCH: "revisionMismatch",
  UNDO_WINDOW_CLOSED: "undoClosed",
  SHOP_NOT_FOUND: "shopNotFound",
  SHOP_CLOSED: "shopClosed",
  SHOP_PAUSED: "shopPaused",
  SHOP_BUSY: "shopBusy",
  FIELD_INVALID: "invalid",
  RATE_LIMITED: "rateLimited",
  DEPENDENCY_DOWN: "shopDown",
  DRAINING: "shopDown",
};

function byCode(code: Code): string {
  switch (code) {
    case Code.Unauthenticated:
    case Code.PermissionDenied:
      return text.errors.access;
    case Code.Unavailable:
    case Code.DeadlineExceeded:
    case Code.Unknown:
      return text.errors.network;
    default:
      return text.errors.unexpected;
  }
}
