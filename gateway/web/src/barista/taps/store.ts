// Where taps are kept until they are answered, so that neither a reload nor an empty battery loses one. All tabs of a
// tablet share the place; each shows its own taps and those that it found when it began.

import { get, update } from "idb-keyval";
import { shopKey } from "../../lib/shop.ts";
import type { Tap } from "./tap.ts";

const KEY = shopKey("comanda.taps");

let last: Promise<void> = Promise.resolve();

/** After all changes so far. Null where a browser keeps nothing: then taps live as long as the page. */
export async function storedTaps(): Promise<Tap[] | null> {
  await last;
  try {
    return (await get<Tap[]>(KEY)) ?? [];
  } catch {
    return null;
  }
}

/** One change after the other, in the order in which they were asked for. */
export function changeStored(change: (taps: readonly Tap[]) => Tap[]): Promise<void> {
  last = last.then(() => update<Tap[]>(KEY, (taps) => change(taps ?? []))).catch(() => undefined);
  return last;
}
