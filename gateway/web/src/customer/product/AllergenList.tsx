// The allergens of a product, each an icon and its word.

import type { Allergen } from "../../gen/comanda/catalog/v1/menu_pb.ts";
import { text } from "../../lib/text/text.ts";
import { allergenNames, type AllergenName } from "./allergens.ts";

/** On a field of 24 × 24. */
const ICONS: Record<AllergenName, string> = {
  gluten: "M12 21V9M12 9c-1.6-1.5-1.6-4 0-6 1.6 2 1.6 4.5 0 6M12 13.5c-.3-2.5-2-4-4.5-4 .2 2.5 1.8 4 4.5 4M12 13.5c.3-2.5 2-4 4.5-4-.2 2.5-1.8 4-4.5 4M12 18.5c-.3-2.5-2-4-4.5-4 .2 2.5 1.8 4 4.5 4M12 18.5c.3-2.5 2-4 4.5-4-.2 2.5-1.8 4-4.5 4",
  crustaceans: "M7 20c6 1 11-2.5 11-8 0-4-2.8-6-6-6-3 0-5 1.8-5 4.2 0 2 1.5 3.3 3.3 3.3M18 12h-4M17 16l-3.5-1.5M7 20l-2.5 1M7 20l-.5-3M14 6c1-2 3-3 6-2.5M15 9h.1",
  eggs: "M12 3.5c3.5 0 6.5 5.3 6.5 10a6.5 6.5 0 0 1-13 0c0-4.7 3-10 6.5-10",
  fish: "M3 12c3-5 9-6.5 14-1l4-3.5v9L17 13c-5 5.5-11 4-14-1M7.5 11.5v.1",
  peanuts: "M9.5 3.5c3-.8 5.5 1.2 5.3 4-.1 2 .2 2.8 1.7 4 3 2.3 2.5 7-1 8.7-3.5 1.6-7.3-.6-7.5-4.4-.1-2-.6-3-1.6-4.3C4 8.5 5.7 4.5 9.5 3.5M10 8h.1M12.5 11h.1M11.5 15h.1M14.5 16.5h.1",
  soy: "M4.5 19.5C3 12 9 4 19.5 4.5 20 15 12 21 4.5 19.5M9 15h.1M12 12h.1M15 9h.1",
  milk: "M9 3.5h6M9.5 3.5v4L7 11.5V20h10v-8.5l-2.5-4v-4M7 14.5h10",
  nuts: "M5 9.5c0-3 3-5 7-5s7 2 7 5zM6.5 9.5c0 5.5 2.5 9 5.5 11 3-2 5.5-5.5 5.5-11M12 4.5V2.8",
  celery: "M9 21c-1.5-4-1.5-8 0-12M15 21c1.5-4 1.5-8 0-12M12 21V10M9 9C6 9 4.5 7 5 4.5 7.5 4 9 5 9.5 7c.3-3 4.7-3 5 0 .5-2 2-3 4.5-2.5C19.5 7 18 9 15 9M9 21h6",
  mustard: "M8 9h8v11H8zM9.5 9V6.5h5V9M11 6.5 12 3l1 3.5M8 13h8",
  sesame: "M8 5c2 1.5 2 4.5 0 6-2-1.5-2-4.5 0-6M16.5 7c2 1.5 2 4.5 0 6-2-1.5-2-4.5 0-6M11.5 13.5c2 1.5 2 4.5 0 6-2-1.5-2-4.5 0-6",
  sulphites: "M10 3.5v6L4.8 18.6c-.7 1.2.1 2.4 1.4 2.4h11.6c1.3 0 2.1-1.2 1.4-2.4L14 9.5v-6M8.5 3.5h7M7.5 15h9",
  lupin: "M12 21v-8M12 13c-2.5 0-4-1.5-4-3.5 2.5 0 4 1.3 4 3.5 0-2.2 1.5-3.5 4-3.5 0 2-1.5 3.5-4 3.5M12 8.5c-2 0-3.3-1.2-3.3-3C11 5.5 12 6.7 12 8.5c0-1.8 1-3 3.3-3 0 1.8-1.3 3-3.3 3M12 5.5V3M12 18c1.5-2 3.5-2.5 5.5-2",
  molluscs: "M12 20c-5 0-9-4-9-8.5C6 8 9 6 12 4c3 2 6 4 9 7.5 0 4.5-4 8.5-9 8.5M12 4v16M12 20 6.5 8.5M12 20l5.5-11.5",
  latex: "M12 3.5c4 5 5.5 7.5 5.5 10.5a5.5 5.5 0 0 1-11 0c0-3 1.5-5.5 5.5-10.5M9.5 14a2.5 2.5 0 0 0 2.5 2.5",
  other: "M12 3.5 21.5 20h-19zM12 10v4.5M12 17.3v.1",
};

export function AllergenList({ allergens }: { allergens: readonly Allergen[] }) {
  return (
    <section class="allergens-box">
      <h3>{text.menu.contains}</h3>
      <ul>
        {allergenNames(allergens).map((name) => (
          <li key={name}>
            <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
              <path d={ICONS[name]} />
            </svg>
            {text.allergens[name]}
          </li>
        ))}
      </ul>
    </section>
  );
}
