// The orders that this phone placed at a shop, as it remembers them: all of the shop's day. Pure.

export interface OwnOrder {
  number: string;
  /** `<order_id>.<token>`, the fragment of the page that follows it. */
  fragment: string;
  /** The same for a page that only shows it, to hand on. Absent where a release before remembered the order. */
  shared?: string;
  /** When it was placed, by the server's clock, in ms since 1970. */
  atMs: number;
  /** Collected or cancelled. */
  isOver: boolean;
}

/** More are not remembered, the oldest first. */
const MOST = 50;

/** Anything unfit is left out, since it may come from another release. */
export function parseOrders(stored: string | null): OwnOrder[] {
  try {
    const all: unknown = JSON.parse(stored ?? "[]");
    return Array.isArray(all) ? all.filter(isOrder) : [];
  } catch {
    return [];
  }
}

/** Newest first, each once. */
export function withOrder(orders: readonly OwnOrder[], order: OwnOrder): OwnOrder[] {
  return [order, ...orders.filter(({ fragment }) => fragment !== order.fragment)].slice(0, MOST);
}

export function withOver(orders: readonly OwnOrder[], orderId: string): OwnOrder[] {
  return orders.map((order) => (order.fragment.startsWith(`${orderId}.`) ? { ...order, isOver: true } : order));
}

function isOrder(value: unknown): value is OwnOrder {
  const order = value as OwnOrder | null;
  const areWords = [order?.number, order?.fragment].every((word) => typeof word === "string");
  const isShared = order?.shared === undefined || typeof order.shared === "string";
  return areWords && isShared && typeof order?.atMs === "number" && typeof order.isOver === "boolean";
}
