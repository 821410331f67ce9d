// What a shop says, in one language: a translation where its menu has one, else as the shop wrote it. Pure.

import type { Translation } from "../../gen/comanda/catalog/v1/menu_pb.ts";
import { parseLanguage, type Language } from "../text/tags.ts";

interface Translated {
  readonly translations: readonly Translation[];
}

/** The shop's own language; a release before did not say it. */
export function ownLanguage(menu: { languageCode: string } | null | undefined): Language | null {
  return parseLanguage(menu?.languageCode || "pt-BR");
}

/** Undefined where the shop's own words are the right ones, or the only ones. */
export function translationIn({ translations }: Translated, spoken: Language, own: Language | null): Translation | undefined {
  if (spoken === own) return undefined;
  const exact = translations.find(({ languageCode }) => languageCode === spoken);
  return exact ?? translations.find(({ languageCode }) => parseLanguage(languageCode) === spoken);
}
