// What people may not tolerate, in words.

import { Allergen } from "../gen/comanda/catalog/v1/menu_pb.ts";
import { text } from "../lib/text.ts";
import type { Text } from "../text/pt_br.ts";

const NAMES = {
  [Allergen.GLUTEN]: "gluten",
  [Allergen.CRUSTACEANS]: "crustaceans",
  [Allergen.EGGS]: "eggs",
  [Allergen.FISH]: "fish",
  [Allergen.PEANUTS]: "peanuts",
  [Allergen.SOY]: "soy",
  [Allergen.MILK]: "milk",
  [Allergen.NUTS]: "nuts",
  [Allergen.CELERY]: "celery",
  [Allergen.MUSTARD]: "mustard",
  [Allergen.SESAME]: "sesame",
  [Allergen.SULPHITES]: "sulphites",
  [Allergen.LUPIN]: "lupin",
  [Allergen.MOLLUSCS]: "molluscs",
  [Allergen.LATEX]: "latex",
} as const satisfies Record<Exclude<Allergen, Allergen.UNSPECIFIED>, keyof Text["allergens"]>;

/** "Contains milk, eggs". One that a newer server knows is still told of: silence would say that there is none. */
export function allergenWords(allergens: readonly Allergen[]): string {
  const names: Partial<Record<Allergen, keyof Text["allergens"]>> = NAMES;
  const words = allergens.map((one) => text.allergens[names[one] ?? "other"]);
  return text.menu.contains([...new Set(words)].join(", "));
}
