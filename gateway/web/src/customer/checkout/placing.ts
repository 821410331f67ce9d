// Where the order on its way is. Apart from what sends it, which the menu does not need.

import { signal } from "@preact/signals";
import { shopKey } from "../../lib/shop.ts";
import { read } from "../../lib/storage.ts";
import type { LineErrors } from "./line_errors.ts";

/** The whole request, from before it is first sent until a definite answer has come. */
export const PENDING = shopKey("comanda.pending_order");

export interface Problem {
  message: string;
  /** The server's word for it; empty when it has none. */
  reason: string;
  /** Of the trace in which it was refused; empty when nobody was asked. */
  code: string;
  /** The lines that it is about. */
  lineErrors: LineErrors;
  /** The fields of the request that it is about. */
  fields: readonly string[];
  /** Of the menu held then: a newer one knows better what can be had. */
  menuVersion: bigint;
}

export type Placing =
  | { state: "idle"; problem: Problem | null }
  | { state: "sending" }
  /** The last answer got lost; or too much was asked from here, then until when it waits, by performance.now(). */
  | { state: "retrying"; until: number };

export const placing = signal<Placing>({ state: "idle", problem: null });

/** Goes on with an order whose answer was not seen before the page was left. */
export async function resumePlacing(): Promise<void> {
  if (read(PENDING)) (await import("./place.ts")).sendPending();
}

/** What the server once said about the shop is no longer so. */
export function forgetProblem(reasons: readonly string[]): void {
  const now = placing.peek();
  if (now.state === "idle" && now.problem && reasons.includes(now.problem.reason)) {
    placing.value = { state: "idle", problem: null };
  }
}
