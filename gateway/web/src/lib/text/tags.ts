// The languages that the pages speak, by their tags. Pure.

export type Language = "pt-BR" | "en";

/** The one that is meant by a tag of any form; null for others. */
export function parseLanguage(tag: string | null): Language | null {
  const primary = tag?.trim().toLowerCase().split("-")[0];
  if (primary === "en") return "en";
  return primary === "pt" ? "pt-BR" : null;
}
