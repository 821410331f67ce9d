// Which language the pages speak: what `?lang=` asks for, else what was chosen before, else Brazilian Portuguese.

import { effect, signal } from "@preact/signals";
import { onForeignChange, read, write } from "../storage.ts";
import { parseLanguage, type Language } from "./tags.ts";
import { loadTexts } from "./texts.ts";

const KEY = "comanda.language";

export const language = signal<Language>("pt-BR");

export function switchLanguage(): Promise<void> {
  const next = language.peek() === "en" ? "pt-BR" : "en";
  write(KEY, next);
  return speak(next);
}

/** To be waited for before anything is drawn. */
export async function adoptLanguage(): Promise<void> {
  const asked = takeFromAddress();
  if (asked) write(KEY, asked);
  const kept = () => parseLanguage(read(KEY)) ?? "pt-BR";
  await speak(kept());
  onForeignChange(KEY, () => void speak(kept()));
  effect(() => {
    document.documentElement.lang = language.value;
  });
}

/** Without its texts a language cannot be spoken: then the page stays with the one that it has. */
async function speak(next: Language): Promise<void> {
  try {
    await loadTexts(next);
    language.value = next;
  } catch {
    // The shop is out of reach.
  }
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
