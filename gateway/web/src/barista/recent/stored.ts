// What was handed over, as a tablet remembers it across reloads. Pure.

export interface Recent {
  orderId: string;
  number: string;
  /** The customer's. */
  name: string;
  /** At which it left the board. */
  revision: string;
  /** When, by the server's clock, in ms since 1970. */
  atMs: number;
}

/** Without what is none. */
export function parseRecent(stored: string | null): Recent[] {
  try {
    const all: unknown = JSON.parse(stored ?? "[]");
    return Array.isArray(all) ? all.filter(isRecent) : [];
  } catch {
    return [];
  }
}

function isRecent(value: unknown): value is Recent {
  const one = value as Recent | null;
  const words = [one?.orderId, one?.number, one?.name];
  return words.every((word) => typeof word === "string") && /^\d+$/.test(`${one?.revision}`) && typeof one?.atMs === "number";
}
