// A component whose script is fetched when it is needed, or ahead of that.

import { signal } from "@preact/signals";
import type { ComponentChild, ComponentType } from "preact";
import { useEffect } from "preact/hooks";

interface Lazy<P> {
  (props: P): ComponentChild;
  load(): void;
}

/** Shows nothing until the script has come; whoever asks again fetches it again. */
export function lazily<P extends object>(fetchIt: () => Promise<ComponentType<P>>): Lazy<P> {
  const fetched = signal<ComponentType<P> | null>(null);
  const load = () => {
    if (fetched.peek()) return;
    // The shop may be out of reach.
    fetchIt().then((component) => (fetched.value = component), () => undefined);
  };
  const show = (props: P) => {
    useEffect(load, []);
    const Component = fetched.value;
    return Component && <Component {...props} />;
  };
  return Object.assign(show, { load });
}

/** While the browser has nothing better to do. */
export function whenIdle(call: () => void): void {
  if ("requestIdleCallback" in globalThis) requestIdleCallback(call);
  else setTimeout(call, 1_000);
}
