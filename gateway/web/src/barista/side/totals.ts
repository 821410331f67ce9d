// How much is still to be made of each product, over all tickets. Pure.

import type { Ticket, TicketLine } from "../../gen/comanda/kitchen/v1/ticket_pb.ts";
import { OrderState } from "../../gen/comanda/type/v1/order_state_pb.ts";

export interface Total {
  name: string;
  quantity: number;
  /** Of its options, those asked for most first. */
  options: { name: string; quantity: number }[];
}

/** Of the lines that `counts` says are made here; those most asked for first. */
export function totalsOf(tickets: readonly Pick<Ticket, "state" | "lines">[], counts: (line: TicketLine) => boolean): Total[] {
  const products = new Map<string, { quantity: number; options: Map<string, number> }>();
  for (const { state, lines } of tickets) {
    if (state !== OrderState.RECEIVED && state !== OrderState.PREPARING) continue;
    for (const line of lines) {
      if (line.done || !counts(line)) continue;
      const total = products.get(line.name) ?? { quantity: 0, options: new Map<string, number>() };
      total.quantity += line.quantity;
      for (const option of line.options) total.options.set(option, (total.options.get(option) ?? 0) + line.quantity);
      products.set(line.name, total);
    }
  }
  const most = (a: { name: string; quantity: number }, b: typeof a) => b.quantity - a.quantity || a.name.localeCompare(b.name);
  const listed = (options: Map<string, number>) => [...options].map(([name, quantity]) => ({ name, quantity })).sort(most);
  return [...products].map(([name, { quantity, options }]) => ({ name, quantity, options: listed(options) })).sort(most);
}
