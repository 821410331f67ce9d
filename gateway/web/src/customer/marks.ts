// Which lines of the basket a refusal is about. Pure.

import type { PlaceOrderRequest } from "../gen/comanda/orders/v1/order_service_pb.ts";
import { metadataOf, reasonOf } from "../lib/errors.ts";
import { keyOf } from "./basket.ts";

export type Mark =
  | { kind: "soldOut" }
  | { kind: "gone" }
  /** In minor units, of one piece. */
  | { kind: "price"; seen: bigint; current: bigint };

/** By keyOf the line, so that a mark stays with its line whatever is added or removed above it. */
export type Marks = ReadonlyMap<string, Mark>;

export function marksOf(request: Pick<PlaceOrderRequest, "lines">, error: unknown): Marks {
  const facts = metadataOf(error);
  const reason = reasonOf(error);
  const marks = new Map<string, Mark>();
  request.lines.forEach((line, at) => {
    const mark = markOf(reason, facts, at);
    if (mark) marks.set(keyOf(line), mark);
  });
  return marks;
}

function markOf(reason: string, facts: Readonly<Record<string, string>>, at: number): Mark | null {
  const fact = (name: string) => facts[`lines[${at}].${name}`];
  switch (reason) {
    case "PRODUCT_SOLD_OUT":
      return fact("product_id") ? { kind: "soldOut" } : null;
    case "PRODUCT_NOT_FOUND":
      return facts["line"] === `${at}` ? { kind: "gone" } : null;
    case "PRICE_CHANGED": {
      const [seen, current] = [fact("seen"), fact("current")];
      return isWhole(seen) && isWhole(current) ? { kind: "price", seen: BigInt(seen), current: BigInt(current) } : null;
    }
    default:
      return null;
  }
}

function isWhole(text: string | undefined): text is string {
  return text !== undefined && /^-?\d+$/.test(text);
}
