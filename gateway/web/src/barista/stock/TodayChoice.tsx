// How long what is switched off next stays off. Chosen once for many taps, so that each product takes only one.

import { staffText } from "../../lib/text/staff_text.ts";

export function TodayChoice({ forToday, onChange }: { forToday: boolean; onChange(forToday: boolean): void }) {
  const row = (today: boolean, words: string) => (
    <label class="option">
      <input type="radio" name="for-today" checked={forToday === today} onChange={() => onChange(today)} />
      <span>{words}</span>
    </label>
  );
  return (
    <fieldset class="segments">
      <legend>{staffText.stock.howLong}</legend>
      {row(true, staffText.stock.forToday)}
      {row(false, staffText.stock.untilBack)}
    </fieldset>
  );
}
