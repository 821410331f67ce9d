// The dark modules of a QR code as an SVG path: one rectangle for each run of a row. Pure.

export function pathOf(rows: readonly (readonly boolean[])[]): string {
  return rows.map((row, y) => runsOf(row).map(([x, length]) => `M${x} ${y}h${length}v1h-${length}z`).join("")).join("");
}

/** Where each run of dark modules begins, and its length. */
function runsOf(row: readonly boolean[]): Array<[number, number]> {
  const runs: Array<[number, number]> = [];
  row.forEach((dark, x) => {
    if (!dark) return;
    const last = runs.at(-1);
    if (last && last[0] + last[1] === x) last[1]++;
    else runs.push([x, 1]);
  });
  return runs;
}
