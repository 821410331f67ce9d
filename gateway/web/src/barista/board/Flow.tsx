// Cards in columns that flow down the screen. Only those near the screen are drawn, however many there are, and nothing
// moves while the board shall be still.

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useReducer, useRef, useState } from "preact/hooks";
import { columnsIn, placesOf, type Place } from "./places.ts";
import { keepPlaces, type Slot } from "./slots.ts";

/** The flow's padding at either side, as in barista.css. */
const SIDE = 8;
const GAP = 8;
/** So far beyond the screen cards are drawn, in pixels. */
const AHEAD = 500;
/** So far somebody scrolls before others are drawn. */
const SCROLL_STEP = 150;

interface Props {
  slots: readonly Slot[];
  /** How narrow a column may be, in pixels. */
  least: number;
  isStill: boolean;
  /** Drawn wherever it is, since it has the focus. */
  selected: string | null;
  /** How high something is that was not drawn yet. */
  estimate(slot: Slot): number;
  /** `height` in pixels, of what stood there before. */
  draw(slot: Slot, height: number): ComponentChildren;
  /** These stand elsewhere than a moment ago. */
  onMoved(ids: readonly string[]): void;
}

interface Drawn {
  slots: readonly Slot[];
  places: ReadonlyMap<string, Place>;
  /** Pixels. */
  columnWidth: number;
}

export function Flow({ slots, least, isStill, selected, estimate, draw, onMoved }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const elements = useRef(new Map<string, HTMLElement>());
  const heights = useRef(new Map<string, number>());
  const last = useRef<Drawn>({ slots: [], places: new Map(), columnWidth: 0 });
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  const { width, height, top } = useView(box);

  const columns = columnsIn(width, least, GAP);
  const columnWidth = Math.floor((width - GAP * (columns - 1)) / columns);
  const isAsBefore = columnWidth === last.current.columnWidth;
  if (!isAsBefore) heights.current.clear();
  const next = isStill && isAsBefore ? keepPlaces(last.current.slots, slots) : slots;
  const bySlot = new Map(next.map((slot) => [slot.id, slot]));
  const heightOf = (id: string) => heights.current.get(id) ?? estimate(bySlot.get(id)!);
  const kept = isStill && isAsBefore ? last.current.places : undefined;
  const flow = placesOf([...bySlot.keys()], heightOf, columns, GAP, kept);

  useLayoutEffect(() => {
    const before = last.current;
    last.current = { slots: next, places: flow.places, columnWidth };
    if (measure(bySlot, elements.current, heights.current)) redraw(undefined);
    if (!isAsBefore) return;
    const moved = [...elements.current.keys()].filter((id) => isElsewhere(before.places.get(id), flow.places.get(id)));
    if (moved.length) onMoved(moved);
  });

  const isNear = (id: string, { y }: Place) => id === selected || (y < top + height + AHEAD && y + heightOf(id) > top - AHEAD);
  return (
    <div class="flow" ref={box}>
      <div class="flow-inner" style={{ height: `${flow.height}px` }}>
        {width > 0 &&
          next.map((slot) => {
            const place = flow.places.get(slot.id)!;
            if (!isNear(slot.id, place)) return null;
            const style = {
              width: `${columnWidth}px`,
              transform: `translate(${place.column * (columnWidth + GAP)}px, ${place.y}px)`,
            };
            const keep = (element: HTMLElement | null) => {
              if (element) elements.current.set(slot.id, element);
              else elements.current.delete(slot.id);
            };
            const state = slot.kind === "card" ? ` state-${slot.ticket.state}` : "";
            return (
              <div key={slot.id} ref={keep} class={`place${state}`} style={style}>
                {draw(slot, heightOf(slot.id))}
              </div>
            );
          })}
      </div>
    </div>
  );
}

const isElsewhere = (before: Place | undefined, now: Place | undefined) =>
  before !== undefined && now !== undefined && (before.y !== now.y || before.column !== now.column);

/** True when something is not as high as it was believed to be. A hole is as high as what was there. */
function measure(slots: ReadonlyMap<string, Slot>, elements: ReadonlyMap<string, HTMLElement>, heights: Map<string, number>): boolean {
  let changed = false;
  for (const [id, element] of elements) {
    const height = element.offsetHeight;
    if (slots.get(id)?.kind === "hole" || height === heights.get(id)) continue;
    heights.set(id, height);
    changed = true;
  }
  if (heights.size > 2 * slots.size + 100) for (const id of heights.keys()) if (!slots.has(id)) heights.delete(id);
  return changed;
}

/** The part of the flow that is seen. */
function useView(box: { current: HTMLElement | null }) {
  const [view, setView] = useState({ width: 0, height: 0, top: 0 });
  useLayoutEffect(() => {
    const element = box.current!;
    const look = () => {
      const { clientHeight: height, scrollTop: top } = element;
      const width = Math.max(0, element.clientWidth - 2 * SIDE);
      setView((before) => {
        const isSame = width === before.width && height === before.height && Math.abs(top - before.top) < SCROLL_STEP;
        return isSame ? before : { width, height, top };
      });
    };
    look();
    const resized = new ResizeObserver(look);
    resized.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      resized.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, []);
  return view;
}
