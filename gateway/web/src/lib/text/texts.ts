// The texts of each language. Most people need only the one that comes with the page; the other is fetched when asked for.

import { ptBR, type Text } from "../../text/pt_br.ts";
import type { Language } from "./tags.ts";

const loaded: Partial<Record<Language, Text>> = { "pt-BR": ptBR };

/** What fetches the texts of a language that only some pages have. */
const more: ((language: Language) => Promise<unknown>)[] = [];

/** To be called as a page's scripts are read, so before it is drawn. */
export function alsoLoad(load: (language: Language) => Promise<unknown>): void {
  more.push(load);
}

export async function loadTexts(language: Language): Promise<void> {
  const common = async () => {
    if (language === "en") loaded.en ??= (await import("../../text/en.ts")).en;
  };
  await Promise.all([common(), ...more.map((load) => load(language))]);
}

export function textsOf(language: Language): Text {
  return loaded[language] ?? ptBR;
}
