// What a failed call means: is it an answer or a lost one, and what to tell people.

import { Code, ConnectError } from "@connectrpc/connect";
import { BadRequestSchema, ErrorInfoSchema, LocalizedMessageSchema, RetryInfoSchema } from "../../gen/google/rpc/error_details_pb.ts";
import { text } from "../text/text.ts";

const REFUSALS = [
  Code.InvalidArgument,
  Code.NotFound,
  Code.AlreadyExists,
  Code.FailedPrecondition,
  Code.Aborted,
  Code.OutOfRange,
];
/** Where no answer came at all. */
const SILENCE = [Code.Unavailable, Code.DeadlineExceeded, Code.Unknown];

/** True for an answer: the same request would be answered the same way. Anything else may have been done or not. */
export function isRefusal(error: unknown): boolean {
  return REFUSALS.includes(ConnectError.from(error).code);
}

/** True when the token is the problem. */
export function lacksAccess(error: unknown): boolean {
  const { code } = ConnectError.from(error);
  return code === Code.Unauthenticated || code === Code.PermissionDenied;
}

/** True when no answer came back at all; what the server answers always carries a reason. */
export function isUnreachable(error: unknown): boolean {
  const { code } = ConnectError.from(error);
  return [...SILENCE, Code.Canceled].includes(code) && !reasonOf(error);
}

/** True when the server did nothing, because too much was asked from here; it says how long to wait. */
export function isRateLimited(error: unknown): boolean {
  return reasonOf(error) === "RATE_LIMITED";
}

/** Under which a failed call keeps the id of its trace, whether or not it was answered. */
export const TRACE_ID = "comanda-trace-id";

/** What finds the call in the shop's traces and logs; empty for what was no call. */
export function supportCode(error: unknown): string {
  return error ? (ConnectError.from(error).metadata.get(TRACE_ID) ?? "") : "";
}

export function reasonOf(error: unknown): string {
  if (!error) return "";
  return ConnectError.from(error).findDetails(ErrorInfoSchema)[0]?.reason ?? "";
}

/** Facts for programs, by name. */
export function metadataOf(error: unknown): Readonly<Record<string, string>> {
  return ConnectError.from(error).findDetails(ErrorInfoSchema)[0]?.metadata ?? {};
}

/** The fields of the request that are wrong, by their paths. */
export function invalidFields(error: unknown): string[] {
  const found = ConnectError.from(error).findDetails(BadRequestSchema);
  return found.flatMap(({ fieldViolations }) => fieldViolations.map(({ field }) => field));
}

/** True when the server had more to say than fits an answer; it counts what it does not name. */
export function leavesOut(error: unknown): boolean {
  return metadataOf(error)["left_out"] !== undefined;
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
  const known = (text.reasons as Readonly<Record<string, string>>)[reasonOf(error)];
  return sent || (known ?? byCode(error));
}

function sentence(message: string): string {
  const words = message.charAt(0).toLocaleUpperCase(text.locale) + message.slice(1);
  return /\p{L}$/u.test(words) ? `${words}.` : words;
}

function byCode(error: unknown): string {
  if (lacksAccess(error)) return text.errors.access;
  return SILENCE.includes(ConnectError.from(error).code) ? text.errors.network : text.errors.unexpected;
}
