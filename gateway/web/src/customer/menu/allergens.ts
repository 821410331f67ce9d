// What people may not tolerate, in words.

import { Allergen } from "../../gen/comanda/catalog/v1/menu_pb.ts";
import { text } from "../../lib/text/text.ts";

/** The contract's names, as the texts have them. */
type Name = Lowercase<Exclude<keyof typeof Allergen, "UNSPECIFIED">>;

/** "Contains milk, eggs". One that a newer server knows is still told of: silence would say that there is none. */
export function allergenWords(allergens: readonly Allergen[]): string {
  // Without a word for one of the names this does not compile.
  const known: Record<Name | "other", string> = text.allergens;
  const words = allergens.map((one) => known[Allergen[one]?.toLowerCase() as Name] ?? known.other);
  return text.menu.contains([...new Set(words)].join(", "));
}
