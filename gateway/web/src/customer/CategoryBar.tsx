// Leads to the categories. Buttons rather than links: the fragment already says whether the menu or the basket is shown.

import type { Category } from "../lib/resolve.ts";
import { text } from "../lib/text.ts";

export const sectionId = (category: Category) => `category-${category.categoryId}`;

export function CategoryBar({ categories }: { categories: readonly Category[] }) {
  return (
    <nav class="categories" aria-label={text.menu.categories}>
      {categories.map((category) => (
        <button
          type="button"
          key={category.categoryId}
          onClick={() => document.getElementById(sectionId(category))?.scrollIntoView()}
        >
          {category.name}
        </button>
      ))}
    </nav>
  );
}
