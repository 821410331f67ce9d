// Which stations a tablet shows: those that its device remembers, of those that there are.

import { computed, signal } from "@preact/signals";
import { menu } from "../lib/menu/held.ts";
import { stationsOf } from "../lib/menu/stations.ts";
import { SHOP, shopKey } from "../lib/shop.ts";
import { onForeignChange, read, write } from "../lib/storage.ts";
import { expediter } from "./settings.ts";

const NAME = "comanda.stations";
const KEY = shopKey(NAME);
/** As WatchTickets limits them. */
export const MAX_STATIONS = 10;

const chosen = signal<readonly string[]>(parse(read(KEY)));
onForeignChange(KEY, () => (chosen.value = parse(read(KEY))));

/** Those that the menu names, sorted; null until there is a menu. */
const known = computed(() => menu.value && stationsOf(menu.value));

/** To choose from. Without a menu at least those that are shown. */
export const stations = computed(() => known.value ?? chosen.value);

/** Joined, so that it changes only when they do. Empty: all. One that left the menu would leave the board empty. */
const watchedKey = computed(() => {
  const all = known.value;
  return JSON.stringify(all ? chosen.value.filter((one) => all.includes(one)) : chosen.value);
});
export const watched = computed(() => JSON.parse(watchedKey.value) as string[]);

export function watchAll(): void {
  expediter.value = "off";
  keep([]);
}

/** All of them, and what each has still to do. */
export function expedite(): void {
  keep([]);
  expediter.value = "on";
}

export function watchOnly(station: string): void {
  expediter.value = "off";
  keep([station]);
}

export function toggleStation(station: string): void {
  expediter.value = "off";
  const now = watched.peek();
  keep(now.includes(station) ? now.filter((one) => one !== station) : [...now, station].sort());
}

/** As the device was paired; later it may be changed here. */
export function adoptStations(next: readonly string[], shop: string): void {
  write(shopKey(NAME, shop), JSON.stringify(next));
  if (shop === SHOP) chosen.value = next;
}

function keep(next: readonly string[]): void {
  adoptStations(next, SHOP);
}

function parse(stored: string | null): string[] {
  try {
    const value: unknown = JSON.parse(stored ?? "[]");
    return Array.isArray(value) ? value.filter((one) => typeof one === "string").slice(0, MAX_STATIONS) : [];
  } catch {
    return [];
  }
}
