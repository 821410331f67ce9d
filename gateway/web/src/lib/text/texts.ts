// The texts of each language. Most people need only the one that comes with the page; the other is fetched when asked for.

import { ptBR, type Text } from "../../text/pt_br.ts";
import type { Language } from "./tags.ts";

const loaded: Partial<Record<Language, Text>> = { "pt-BR": ptBR };

export async function loadTexts(language: Language): Promise<void> {
  if (language === "en") loaded.en ??= (await import("../../text/en.ts")).en;
}

export function textsOf(language: Language): Text {
  return loaded[language] ?? ptBR;
}
