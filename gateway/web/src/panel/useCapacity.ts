// How many numbers a list has room for, measured on the screen that it is on.

import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";

/** Infinite until it is known. `count` is how many there are to show. */
export function useCapacity(list: RefObject<HTMLElement | null>, count: number): number {
  const [capacity, setCapacity] = useState(Infinity);
  const measure = () => {
    const element = list.current;
    const first = element?.firstElementChild;
    if (!element || !first) return;
    const style = getComputedStyle(element);
    const columns = style.gridTemplateColumns.split(" ").length;
    const gap = parseFloat(style.rowGap) || 0;
    const rows = Math.floor((element.clientHeight + gap) / (first.getBoundingClientRect().height + gap));
    setCapacity(columns * Math.max(1, rows));
  };
  useLayoutEffect(measure, [count]);
  useEffect(() => {
    const observer = new ResizeObserver(measure);
    if (list.current) observer.observe(list.current);
    return () => observer.disconnect();
  }, []);
  return capacity;
}
