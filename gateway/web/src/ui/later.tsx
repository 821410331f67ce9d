// A part of the page that is fetched after the menu is there, or when it is first needed.

import { signal } from "@preact/signals";
import type { FunctionComponent } from "preact";
import { useEffect } from "preact/hooks";

export interface Later<P> {
  (props: P): preact.JSX.Element | null;
  fetch(): void;
}

export function later<P extends object>(load: () => Promise<FunctionComponent<P>>): Later<P> {
  const loaded = signal<FunctionComponent<P> | null>(null);
  const fetch = () => {
    if (loaded.peek()) return;
    // Out of reach: it is asked for again when somebody needs it again, and the page tells that it is offline.
    load().then((part) => (loaded.value = part), () => undefined);
  };
  const Part = (props: P) => {
    useEffect(fetch, []);
    const Loaded = loaded.value;
    return Loaded && <Loaded {...props} />;
  };
  return Object.assign(Part, { fetch });
}

/** While the browser has nothing better to do. */
export function whenIdle(call: () => void): void {
  if ("requestIdleCallback" in globalThis) requestIdleCallback(call);
  else setTimeout(call, 1_000);
}
