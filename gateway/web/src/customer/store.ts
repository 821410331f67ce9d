// What the customer's page remembers across reloads, shared by its tabs.

import { signal } from "@preact/signals";
import { onForeignChange, read, remove, write } from "../lib/storage.ts";
import { shopKey } from "../lib/shop.ts";
import { parseBasket, type Basket } from "./basket/basket.ts";

const BASKET = shopKey("comanda.basket");
const NAME = "comanda.customer_name";
const LAST_ORDER = "comanda.last_order";

export const basket = signal<Basket>(parseBasket(read(BASKET)));

export function keepBasket(next: Basket): void {
  basket.value = next;
  write(BASKET, JSON.stringify(next));
}

export const customerName = signal(read(NAME) ?? "");

export function keepCustomerName(name: string): void {
  customerName.value = name;
  write(NAME, name);
}

export interface LastOrder {
  number: string;
  /** `<order_id>.<token>`, the fragment of the page that follows it. */
  fragment: string;
}

export const lastOrder = signal<LastOrder | null>(parseLastOrder(read(LAST_ORDER)));

export function keepLastOrder(order: LastOrder): void {
  lastOrder.value = order;
  write(LAST_ORDER, JSON.stringify(order));
}

export function forgetLastOrder(): void {
  lastOrder.value = null;
  remove(LAST_ORDER);
}

function parseLastOrder(stored: string | null): LastOrder | null {
  try {
    const order = JSON.parse(stored ?? "null") as LastOrder | null;
    return order && typeof order.number === "string" && typeof order.fragment === "string" ? order : null;
  } catch {
    return null;
  }
}

onForeignChange(BASKET, () => (basket.value = parseBasket(read(BASKET))));
onForeignChange(LAST_ORDER, () => (lastOrder.value = parseLastOrder(read(LAST_ORDER))));
