// Leads to the categories. Buttons rather than links: the fragment already says whether the menu or the basket is shown.

import type { Category } from "../../lib/menu/resolve.ts";
import { text } from "../../lib/text/text.ts";

export const sectionId = (category: Category) => `category-${category.categoryId}`;

export function CategoryBar({ categories }: { categories: readonly Category[] }) {
  return (
    <nav class="categories" aria-label={text.menu.categories}>
      {categories.map((category) => (
        <button type="button" key={category.categoryId} onClick={() => jump(sectionId(category))}>
          <bdi>{category.name}</bdi>
        </button>
      ))}
    </nav>
  );
}

const SETTLES_MS = 1_000;

/**
 * At once, so that nothing on the way has to be drawn. What is near is drawn only then, and may be higher or lower than
 * it was taken for: so the heading is held where it is until all is drawn, or the person moves on.
 */
function jump(id: string): void {
  const heading = document.getElementById(id);
  if (!heading) return;
  const held = new AbortController();
  for (const moved of ["wheel", "pointerdown", "touchstart", "keydown"]) {
    addEventListener(moved, () => held.abort(), { signal: held.signal, passive: true });
  }
  const align = () => heading.scrollIntoView({ behavior: "instant" });
  const drawn = new ResizeObserver(() => !held.signal.aborted && align());
  drawn.observe(document.body);
  held.signal.addEventListener("abort", () => drawn.disconnect());
  setTimeout(() => held.abort(), SETTLES_MS);
  align();
}
