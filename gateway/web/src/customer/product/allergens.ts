// What people may not tolerate, in words.

import { Allergen } from "../../gen/comanda/catalog/v1/menu_pb.ts";
import { text } from "../../lib/text/text.ts";

/** The contract's names, as the texts have them. */
type Name = Lowercase<Exclude<keyof typeof Allergen, "UNSPECIFIED">>;
export type AllergenName = Name | "other";

/** One that a newer server knows is still told of: silence would say that there is none. Each once. */
export function allergenNames(allergens: readonly Allergen[]): AllergenName[] {
  // Without a word for one of the names this does not compile.
  const known: Record<AllergenName, string> = text.allergens;
  const names = allergens.map((one) => (Allergen[one] ?? "").toLowerCase());
  return [...new Set(names.map((name) => (name in known ? (name as Name) : "other")))];
}

/** "milk, eggs". */
export function allergenWords(allergens: readonly Allergen[]): string {
  return allergenNames(allergens)
    .map((name) => text.allergens[name])
    .join(", ");
}
