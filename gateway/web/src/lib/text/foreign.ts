// Text that somebody else wrote, inside a sentence of ours. Where it has an element to itself, `<bdi>` does the same.

/** Letters of scripts that run from right to left, and what makes a text run so; a few others do no harm. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{1efff}]/u;

/** Keeps the direction of its writing to itself, so that the words around it stay in their order. */
export function isolated(text: string): string {
  return RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text;
}
