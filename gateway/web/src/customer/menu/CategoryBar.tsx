// Leads to the categories, and tells which one is on the screen. Buttons rather than links: the fragment already says
// whether the menu or the basket is shown.

import { useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Category } from "../../lib/menu/resolve.ts";
import { nameOf } from "../../lib/menu/spoken.ts";
import { text } from "../../lib/text/text.ts";
import { currentCategory, followScroll, jumpTo, sectionId } from "./current_category.ts";

export function CategoryBar({ categories }: { categories: readonly Category[] }) {
  const bar = useRef<HTMLElement>(null);
  useEffect(() => followScroll(categories.map(sectionId)), [categories]);
  useSignalEffect(() => {
    if (currentCategory.value) showChip(bar.current);
  });
  return (
    <nav class="categories" aria-label={text.menu.categories} ref={bar}>
      {categories.map((category) => (
        <Chip key={category.categoryId} id={sectionId(category)} name={nameOf(category)} />
      ))}
    </nav>
  );
}

function Chip({ id, name }: { id: string; name: string }) {
  const isCurrent = currentCategory.value === id;
  return (
    <button type="button" aria-current={isCurrent ? "true" : undefined} onClick={() => jumpTo(id)}>
      <bdi>{name}</bdi>
    </button>
  );
}

/** In the middle of the bar, once it is drawn as the current one. */
function showChip(bar: HTMLElement | null): void {
  requestAnimationFrame(() => {
    const chip = bar?.querySelector<HTMLElement>("[aria-current]");
    if (bar && chip) bar.scrollTo({ left: chip.offsetLeft - (bar.clientWidth - chip.offsetWidth) / 2 });
  });
}
