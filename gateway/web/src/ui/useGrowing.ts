// Draws a long list bit by bit, so that its beginning is there at once and taps are answered meanwhile. Everything is
// drawn in the end: find-in-page, screen readers and jumps to a category need all of it.

import { useEffect, useState } from "preact/hooks";

/** About two screens of a tablet. */
const AT_ONCE = 60;
/** Few enough for a slow phone to draw between two frames. */
const STEP = 40;

/** How many of them to draw now. */
export function useGrowing(total: number): number {
  const [shown, setShown] = useState(AT_ONCE);
  useEffect(() => {
    if (shown >= total) return;
    // A timer, not an animation frame: a tab opened behind shall be complete as well.
    const timer = setTimeout(() => setShown(shown + STEP), 0);
    return () => clearTimeout(timer);
  }, [shown, total]);
  return shown;
}
