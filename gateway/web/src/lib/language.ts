// Which language the pages speak: what `?lang=` asks for, else what was chosen before, else Brazilian Portuguese.

import { effect, signal } from "@preact/signals";
import { onForeignChange, read, write } from "./storage.ts";

export type Language = "pt-BR" | "en";

const KEY = "comanda.language";

export const language = signal<Language>("pt-BR");

export function parseLanguage(tag: string | null): Language | null {
  const primary = tag?.trim().toLowerCase().split("-")[0];
  if (primary === "en") return "en";
  return primary === "pt" ? "pt-BR" : null;
}

export function switchLanguage(): void {
  language.value = language.peek() === "en" ? "pt-BR" : "en";
  write(KEY, language.peek());
}

/** To be called by every page before it is drawn. */
export function adoptLanguage(): void {
  const asked = takeFromAddress();
  if (asked) write(KEY, asked);
  const kept = () => parseLanguage(read(KEY)) ?? "pt-BR";
  language.value = kept();
  onForeignChange(KEY, () => (language.value = kept()));
  effect(() => {
    document.documentElement.lang = language.value;
  });
}

/** Off the address once taken: otherwise a reload would undo a later choice. */
function takeFromAddress(): Language | null {
  const address = new URL(location.href);
  const asked = parseLanguage(address.searchParams.get("lang"));
  if (!address.searchParams.has("lang")) return null;
  address.searchParams.delete("lang");
  history.replaceState(history.state, "", address);
  return asked;
}
