// A line's note: the quick wishes that were tapped, then the customer's own words. Pure.

export const NOTE_LENGTH = 140;

/** In the order of the menu, whatever the order of the taps, so that the same wishes are the same line. */
export function noteOf(offered: readonly string[], tapped: readonly string[], own: string): string {
  const quick = offered.filter((note) => tapped.includes(note));
  return [...quick, own.trim()].filter(Boolean).join(", ");
}

/** How many characters are left for the customer's own words. */
export function room(offered: readonly string[], tapped: readonly string[]): number {
  const quick = noteOf(offered, tapped, "");
  return NOTE_LENGTH - (quick ? quick.length + 2 : 0);
}
