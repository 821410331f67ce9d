// Where the cards of a flow stand: each in the column that is shortest so far, so that the oldest come first. Pure.

export interface Place {
  column: number;
  y: number;
}

interface Flow {
  places: ReadonlyMap<string, Place>;
  height: number;
}

/** What is in `kept` stays where it is; the rest goes below. */
export function placesOf(
  ids: readonly string[],
  heightOf: (id: string) => number,
  columns: number,
  gap: number,
  kept: ReadonlyMap<string, Place> = new Map(),
): Flow {
  const bottoms = Array.from({ length: columns }, () => 0);
  const places = new Map<string, Place>();
  const put = (id: string, place: Place) => {
    places.set(id, place);
    bottoms[place.column] = Math.max(bottoms[place.column]!, place.y + heightOf(id) + gap);
  };
  for (const id of ids) {
    const place = kept.get(id);
    if (place) put(id, place);
  }
  for (const id of ids) {
    if (places.has(id)) continue;
    const y = Math.min(...bottoms);
    put(id, { column: bottoms.indexOf(y), y });
  }
  return { places, height: Math.max(0, Math.max(...bottoms) - gap) };
}

/** How many columns of at least that width fit. */
export function columnsIn(width: number, least: number, gap: number): number {
  return Math.max(1, Math.floor((width + gap) / (least + gap)));
}
