// What comes and goes beside the cards does so when the board is not still, and what has just come takes no tap yet.

import { useEffect, useRef, useState } from "preact/hooks";
import { REST_MS } from "./undo.ts";

/** The value, or while the board shall be still, what it was before. */
export function useHeld<T>(value: T, isStill: boolean): T {
  const held = useRef(value);
  if (!isStill) held.current = value;
  return held.current;
}

/** False for a moment after it was first drawn: the finger that comes down then was meant for something else. */
export function useAwake(): boolean {
  const [awake, setAwake] = useState(false);
  useEffect(() => {
    const timer = setTimeout(setAwake, REST_MS, true);
    return () => clearTimeout(timer);
  }, []);
  return awake;
}
