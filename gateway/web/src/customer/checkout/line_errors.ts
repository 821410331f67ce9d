// Which lines of the basket a refusal is about. An answer has room for the first ones; the others are found by the menu
// as it is now. Pure.

import type { PlaceOrderLine, PlaceOrderRequest } from "../../gen/comanda/orders/v1/order_service_pb.ts";
import { leavesOut, metadataOf, reasonOf } from "../../lib/call/errors.ts";
import type { Menu } from "../../lib/menu/resolve.ts";
import { keyOf } from "../basket/basket.ts";
import { isAllowed, unitPrice } from "../basket/pricing.ts";

export type LineError =
  | { kind: "soldOut" }
  | { kind: "gone" }
  /** In minor units, of one piece. */
  | { kind: "price"; seen: bigint; current: bigint };

/** By keyOf the line, so that a mark stays with its line whatever is added or removed above it. */
export type LineErrors = ReadonlyMap<string, LineError>;

/** `menu`: as asked for after the refusal; only what the refusal leaves out is looked up there. */
export function lineErrorsOf(
  request: Pick<PlaceOrderRequest, "lines">,
  error: unknown,
  menu: Pick<Menu, "products"> | null = null,
): LineErrors {
  const facts = metadataOf(error);
  const reason = reasonOf(error);
  const lineErrors = new Map<string, LineError>();
  request.lines.forEach((line, at) => {
    const mark = markOf(reason, facts, at) ?? (menu && leavesOut(error) ? markBy(menu, reason, line) : null);
    if (mark) lineErrors.set(keyOf(line), mark);
  });
  return lineErrors;
}

function markOf(reason: string, facts: Readonly<Record<string, string>>, at: number): LineError | null {
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

function markBy({ products }: Pick<Menu, "products">, reason: string, line: PlaceOrderLine): LineError | null {
  const product = products.get(line.productId);
  if (!product || !isAllowed(product, line.optionIds)) return null;
  if (reason === "PRODUCT_SOLD_OUT") return product.available ? null : { kind: "soldOut" };
  const seen = line.seenUnitPrice?.minorUnits;
  const current = unitPrice(product, line.optionIds).minorUnits;
  return reason === "PRICE_CHANGED" && seen !== undefined && seen !== current ? { kind: "price", seen, current } : null;
}

function isWhole(text: string | undefined): text is string {
  return /^-?\d+$/.test(text ?? "");
}
