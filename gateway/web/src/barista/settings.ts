// How this device shows the board, which is the device's own choice and outlives a reload.

import { effect, signal, type Signal } from "@preact/signals";
import { onForeignChange, read, write } from "../lib/storage.ts";

/** One of a few words, the first of which holds until somebody chooses. */
function kept<T extends string>(key: string, choices: readonly [T, ...T[]]): Signal<T> {
  const stored = () => choices.find((one) => one === read(key)) ?? choices[0];
  const choice = signal(stored());
  onForeignChange(key, () => (choice.value = stored()));
  effect(() => write(key, choice.value));
  return choice;
}

/** One flow of tickets, or lanes by state. */
export const layout = kept("comanda.board.layout", ["grid", "lanes"]);
/** The totals and what was handed over, beside the tickets. */
export const side = kept("comanda.board.side", ["closed", "open"]);
/** Whether single letters and digits do something. */
export const keys = kept("comanda.board.keys", ["on", "off"]);
/** Whether the tablet watches over all stations. */
export const expediter = kept("comanda.board.expediter", ["off", "on"]);
export const sound = kept("comanda.board.sound", ["on", "off"]);
/** Day or night; `auto` is the device's own. */
export const theme = kept("comanda.board.theme", ["auto", "light", "dark"]);

export function adoptTheme(): void {
  effect(() => {
    const { dataset } = document.documentElement;
    if (theme.value === "auto") delete dataset["theme"];
    else dataset["theme"] = theme.value;
  });
}
