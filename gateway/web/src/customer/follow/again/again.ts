// The lines of an order once more, as far as the menu still has them. Pure.

import type { Order, OrderLine } from "../../../gen/comanda/orders/v1/order_pb.ts";
import type { Menu, Product } from "../../../lib/menu/resolve.ts";
import type { BasketLine } from "../../basket/basket.ts";
import { isAllowed } from "../../basket/pricing.ts";

export interface Again {
  lines: BasketLine[];
  /** The names of what cannot be had, each once. */
  missing: string[];
}

export function again(order: Pick<Order, "lines">, menu: Pick<Menu, "products">): Again {
  const lines: BasketLine[] = [];
  const missing = new Set<string>();
  for (const line of order.lines) {
    const product = menu.products.get(line.productId);
    if (product?.available && isAllowed(product, chosen(line))) lines.push(lineOf(line, product));
    else missing.add(product?.name ?? line.name);
  }
  return { lines, missing: [...missing] };
}

const chosen = ({ options }: OrderLine) => options.map(({ optionId }) => optionId);

function lineOf(line: OrderLine, { productId, name }: Product): BasketLine {
  const { quantity, note, allergy } = line;
  // The price of then, so that the basket tells where it is another by now.
  const pickedPrice = `${line.unitPrice?.minorUnits ?? 0n}`;
  return { productId, name, quantity, optionIds: chosen(line), note, allergy, pickedPrice };
}
