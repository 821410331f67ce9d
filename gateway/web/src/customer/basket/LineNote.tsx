// The customer's wish about a line.

import { useState } from "preact/hooks";
import { text } from "../../lib/text/text.ts";
import { Icon } from "../../ui/Icon.tsx";
import { setNote, type PricedLine } from "./basket.ts";
import { NOTE_LENGTH } from "../menu/ProductDialog.tsx";
import { basket, keepBasket } from "../store.ts";

export function LineNote({ line, index, busy }: { line: PricedLine; index: number; busy: boolean }) {
  const [editing, setEditing] = useState(false);
  if (!editing && !line.note) {
    return (
      <button type="button" class="quiet add-note" disabled={busy} onClick={() => setEditing(true)}>
        <Icon name="note" />
        {text.basket.addNote}
      </button>
    );
  }
  return (
    <input
      dir="auto"
      aria-label={`${text.choice.note}: ${line.name}`}
      value={line.note}
      maxLength={NOTE_LENGTH}
      disabled={busy}
      placeholder={text.choice.notePlaceholder}
      autofocus={editing}
      onInput={(event) => keepBasket(setNote(basket.value, index, event.currentTarget.value))}
      onBlur={() => setEditing(false)}
    />
  );
}
