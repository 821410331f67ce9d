// What the server says that the basket costs, and how long it would take. The page reckons the same by the menu that it
// holds; where the two differ, the server is right.

import type { Duration } from "@bufbuild/protobuf/wkt";
import { signal } from "@preact/signals";
import { menu } from "../../lib/menu/menu.ts";
import { total, type PricedLine } from "./basket.ts";

export interface Quote {
  /** What was asked. */
  key: string;
  minorUnits: bigint;
  earliestWait: Duration | undefined;
  latestWait: Duration | undefined;
}

export const quote = signal<Quote | null>(null);

/** The server's sum where it has one for just these lines, else the page's own. */
export function quotedTotal(lines: readonly PricedLine[]): bigint {
  return quote.value?.key === questionOf(lines) ? quote.value.minorUnits : total(lines);
}

export function wanted(lines: readonly PricedLine[]) {
  return lines
    .filter(({ problem }) => !problem)
    .map(({ productId, quantity, optionIds }) => ({ productId, quantity, optionIds }));
}

export const NOTHING = "";

/** By another menu it is another question. */
export function questionOf(lines: readonly PricedLine[]): string {
  const asked = wanted(lines);
  return asked.length ? JSON.stringify([`${menu.value?.version}`, asked]) : NOTHING;
}
