// A list that may be long, drawn by and by: first what fills the screen, then what comes near. A phone draws a hundred
// products in a blink, and takes half a minute for thousands. Once drawn a part stays. Headings around the parts are always
// there, and the search field finds what is not drawn.

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { whenIdle } from "../lib/lazily.tsx";

/** Fills whole rows of a grid of two, three or four columns. */
const CHUNK = 24;
/** A few screens ahead, so that nobody who scrolls or tabs sees the end of what is drawn. */
const AHEAD = "1500px";

interface Props<T> {
  class: string;
  items: readonly T[];
  /** How many come before these in lists above, and how many there are in all of them. */
  before: number;
  all: number;
  draw(item: T): ComponentChildren;
}

/** A menu of this size is drawn as a whole, soon: so find-in-page finds all of it. */
const SHORT = 150;
/** More than the first screen of a phone shows. */
const FIRST = 10;

/** Each category with the number of products in those before it. */
export function counted<C extends { products: readonly unknown[] }>(categories: readonly C[]): [category: C, before: number][] {
  let sum = 0;
  return categories.map((category) => [category, (sum += category.products.length) - category.products.length]);
}

export function LazyList<T>({ items, before, all, ...rest }: Props<T>) {
  const parts: (readonly T[])[] = [];
  for (let at = 0; at < items.length; at += CHUNK) parts.push(items.slice(at, at + CHUNK));
  const isFirst = (at: number) => before + at * CHUNK < FIRST;
  return parts.map((part, at) => <Chunk key={at} items={part} first={isFirst(at)} soon={all <= SHORT} {...rest} />);
}

interface ChunkProps<T> extends Pick<Props<T>, "class" | "items" | "draw"> {
  first: boolean;
  soon: boolean;
}

function Chunk<T>({ class: name, items, first, soon, draw }: ChunkProps<T>) {
  const [near, setNear] = useState(first);
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    if (near || !list.current) return undefined;
    if (soon) whenIdle(() => setNear(true));
    return whenNear(list.current, () => setNear(true));
  }, [near]);
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
