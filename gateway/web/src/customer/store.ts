// What the customer's page remembers across reloads, shared by its tabs.

import { signal } from "@preact/signals";
import { onForeignChange, read, remove, write } from "../lib/storage.ts";
import { SHOP, shopKey } from "../lib/shop.ts";
import { add, parseBasket, type Basket } from "./basket/basket.ts";
import { parseOrders, withOrder, withOver, type OwnOrder } from "./own_orders.ts";

const NAME_OF_BASKET = "comanda.basket";
const BASKET = shopKey(NAME_OF_BASKET);
const NAME_OF_MISSING = "comanda.missing";
const NAME = "comanda.customer_name";
const NAME_OF_ORDERS = "comanda.orders";
const ORDERS = shopKey(NAME_OF_ORDERS);

export const basket = signal<Basket>(parseBasket(read(BASKET)));

export function keepBasket(next: Basket): void {
  basket.value = next;
  write(BASKET, JSON.stringify(next));
}

/** Adds lines to a shop's basket, and what to tell there: the names of those that could not be added. */
export function fillBasket(shop: string, lines: Basket, missing: readonly string[]): void {
  const key = shopKey(NAME_OF_BASKET, shop);
  const next = lines.reduce(add, parseBasket(read(key)));
  write(key, JSON.stringify(next));
  // "Back" may bring the menu back to life with what it held.
  if (shop === SHOP) basket.value = next;
  write(shopKey(NAME_OF_MISSING, shop), missing.join(", "));
}

/** What could not be ordered again; empty when there is nothing to tell. */
export const missing = signal(read(shopKey(NAME_OF_MISSING)) ?? "");

export function forgetMissing(): void {
  missing.value = "";
  remove(shopKey(NAME_OF_MISSING));
}

export const customerName = signal(read(NAME) ?? "");

export function keepCustomerName(name: string): void {
  customerName.value = name;
  write(NAME, name);
}

/** Of this page's shop. */
export const ownOrders = signal<readonly OwnOrder[]>(parseOrders(read(ORDERS)));

export function keepOrder(order: OwnOrder): void {
  ownOrders.value = withOrder(ownOrders.value, order);
  write(ORDERS, JSON.stringify(ownOrders.value));
}

/** The page of an order is of no shop; the order is. */
export function noteOver(orderId: string, shop: string): void {
  const key = shopKey(NAME_OF_ORDERS, shop);
  const orders = parseOrders(read(key));
  if (orders.length) write(key, JSON.stringify(withOver(orders, orderId)));
}

/** The fragment with which others see an order; undefined where it was placed elsewhere. */
export function sharedFragment(orderId: string, shop: string): string | undefined {
  const orders = parseOrders(read(shopKey(NAME_OF_ORDERS, shop)));
  return orders.find(({ fragment }) => fragment.startsWith(`${orderId}.`))?.shared;
}

onForeignChange(BASKET, () => (basket.value = parseBasket(read(BASKET))));
onForeignChange(ORDERS, () => (ownOrders.value = parseOrders(read(ORDERS))));
