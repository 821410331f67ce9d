// The category that is on the screen: the one below the bar that sticks to its top.

import { signal } from "@preact/signals";
import type { Category } from "../../lib/menu/resolve.ts";

export const sectionId = (category: Pick<Category, "categoryId">) => `category-${category.categoryId}`;

/** The id of its section. */
export const currentCategory = signal<string | null>(null);

/** Whoever has chosen one is there until moving on, though it may be too short to reach the bar. */
let isChosen = false;

/** Watches which section crosses a line right below the bar. */
export function followScroll(ids: readonly string[]): () => void {
  let observer: IntersectionObserver | undefined;
  const sections = ids.flatMap((id) => document.getElementById(id) ?? []);
  if (!ids.includes(currentCategory.peek() ?? "")) currentCategory.value = ids[0] ?? null;
  const watch = () => {
    observer?.disconnect();
    const above = Math.ceil(parseFloat(sections[0] ? getComputedStyle(sections[0]).scrollMarginTop : "0")) + 1;
    const rootMargin = `-${above}px 0px -${Math.max(0, innerHeight - above - 1)}px 0px`;
    observer = new IntersectionObserver(tell, { rootMargin });
    for (const section of sections) observer.observe(section);
  };
  const tell = (entries: readonly IntersectionObserverEntry[]) => {
    const here = entries.find(({ isIntersecting }) => isIntersecting);
    if (here && !isChosen) currentCategory.value = here.target.id;
  };
  watch();
  addEventListener("resize", watch);
  return () => {
    removeEventListener("resize", watch);
    observer?.disconnect();
  };
}

const SETTLES_MS = 1_000;

/**
 * At once, so that nothing on the way has to be drawn. What is near is drawn only then, and may be higher or lower than
 * it was taken for: so the heading is held where it is until all is drawn, or the person moves on.
 */
export function jumpTo(id: string): void {
  const heading = document.getElementById(id);
  if (!heading) return;
  isChosen = true;
  currentCategory.value = id;
  const held = new AbortController();
  const moved = new AbortController();
  for (const move of ["wheel", "pointerdown", "touchstart", "keydown"]) {
    addEventListener(move, () => moved.abort(), { signal: moved.signal, passive: true });
  }
  const align = () => heading.scrollIntoView({ behavior: "instant" });
  const drawn = new ResizeObserver(() => !held.signal.aborted && align());
  drawn.observe(document.body);
  held.signal.addEventListener("abort", () => drawn.disconnect());
  moved.signal.addEventListener("abort", () => {
    held.abort();
    isChosen = false;
  });
  setTimeout(() => held.abort(), SETTLES_MS);
  align();
}
