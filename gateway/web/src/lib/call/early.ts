// A call that a small script made before the page's own scripts were there. Its answer goes to whoever makes that very call
// for the first time: deadline, errors and all else are then as of any other.

export const EARLY = "comandaEarly";

/** What the small script leaves for the page. It may be of another release. */
export interface Early {
  path: string;
  body: Uint8Array;
  answer: Promise<Response>;
  stop: AbortController;
}

const held = globalThis as { [EARLY]?: Early | null };

/** Whether such a call was made. Once the page has asked this, none will be. */
export function hasEarly(): boolean {
  held[EARLY] ??= null;
  return held[EARLY] !== null;
}

export const fetchOrEarly: typeof fetch = (input, init) => {
  const early = held[EARLY];
  if (!early || !isSame(early, String(input), init?.body)) return fetch(input, init);
  held[EARLY] = null;
  init?.signal?.addEventListener("abort", () => early.stop.abort());
  return early.answer;
};

function isSame({ path, body }: Early, url: string, other: BodyInit | null | undefined): boolean {
  if (url !== location.origin + path || !(other instanceof Uint8Array)) return false;
  return other.length === body.length && other.every((byte, at) => byte === body[at]);
}
