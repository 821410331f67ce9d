// What the customer's page remembers across reloads, shared by its tabs.

import { signal } from "@preact/signals";
import { onForeignChange, read, write } from "../lib/storage.ts";
import { shopKey } from "../lib/shop.ts";
import { parseBasket, type Basket } from "./basket/basket.ts";
import { parseOrders, withOrder, withOver, type OwnOrder } from "./own_orders.ts";

const BASKET = shopKey("comanda.basket");
const NAME = "comanda.customer_name";
const NAME_OF_ORDERS = "comanda.orders";
const ORDERS = shopKey(NAME_OF_ORDERS);

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

onForeignChange(BASKET, () => (basket.value = parseBasket(read(BASKET))));
onForeignChange(ORDERS, () => (ownOrders.value = parseOrders(read(ORDERS))));
