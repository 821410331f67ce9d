// A long list, drawn as it comes near: a phone draws a hundred products in a blink, and takes half a minute for thousands.
// Once drawn a part stays. Headings around the parts are always there, and the search field finds what is not drawn.

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

/** Fills whole rows of a grid of two, three or four columns. */
const CHUNK = 24;
/** A few screens ahead, so that nobody who scrolls or tabs sees the end of what is drawn. */
const AHEAD = "1500px";

interface Props<T> {
  class: string;
  items: readonly T[];
  /** So many are drawn without being near. */
  atOnce: number;
  draw(item: T): ComponentChildren;
}

/** A menu of this size is drawn as a whole: so find-in-page finds all of it. */
const SHORT = 150;

/** How many of a category to draw at once, so that the first screen is never empty. */
export function atOnce(category: number, products: number): number {
  return products <= SHORT ? SHORT : category < 3 ? 1 : 0;
}

export function LazyList<T>({ items, atOnce, ...rest }: Props<T>) {
  const parts: (readonly T[])[] = [];
  for (let at = 0; at < items.length; at += CHUNK) parts.push(items.slice(at, at + CHUNK));
  return parts.map((part, at) => <Chunk key={at} items={part} drawn={at * CHUNK < atOnce} {...rest} />);
}

function Chunk<T>({ class: name, items, drawn, draw }: Omit<Props<T>, "atOnce"> & { drawn: boolean }) {
  const [near, setNear] = useState(drawn);
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => (near || !list.current ? undefined : whenNear(list.current, () => setNear(true))), [near]);
  // Set by script, which the pages' policy allows, unlike a style in the text of the page.
  return (
    <ul ref={list} class={near ? name : `${name} is-far`} style={{ "--count": `${items.length}` }}>
      {near && items.map(draw)}
    </ul>
  );
}

const waiting = new WeakMap<Element, () => void>();
let observer: IntersectionObserver | undefined;

function whenNear(element: Element, near: () => void): () => void {
  // Inside a dialog the screen's margin does not count, only that of what scrolls; older browsers draw a little later there.
  const margins: IntersectionObserverInit & { scrollMargin: string } = { rootMargin: AHEAD, scrollMargin: AHEAD };
  observer ??= new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) waiting.get(target)?.();
  }, margins);
  waiting.set(element, near);
  observer.observe(element);
  return () => observer?.unobserve(element);
}
