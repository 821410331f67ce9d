// What the customer writes about a line: a wish, or what must not be in it.

import { useState } from "preact/hooks";
import { text } from "../../lib/text/text.ts";
import { Icon, type IconName } from "../../ui/Icon.tsx";
import { setWish, type PricedLine, type Wish } from "./basket.ts";
import { NOTE_LENGTH } from "../product/note.ts";
import { basket, keepBasket } from "../store.ts";

interface Props {
  wish: Wish;
  line: PricedLine;
  /** Of the line's product. */
  name: string;
  index: number;
  busy: boolean;
}

const ICONS: Record<Wish, IconName> = { note: "note", allergy: "alert" };

export function LineWish({ wish, line, name, index, busy }: Props) {
  const [editing, setEditing] = useState(false);
  if (!editing && !line[wish]) {
    return (
      <button
        type="button"
        class="quiet add-note"
        aria-label={text.basket.addWish[wish]}
        disabled={busy}
        onClick={() => setEditing(true)}
      >
        <Icon name={ICONS[wish]} />
        {text.choice[wish]}
      </button>
    );
  }
  return (
    <input
      dir="auto"
      class={wish === "allergy" ? "allergy" : undefined}
      aria-label={`${text.choice[wish]}: ${name}`}
      value={line[wish]}
      maxLength={NOTE_LENGTH}
      disabled={busy}
      placeholder={text.choice.placeholders[wish]}
      autofocus={editing}
      onInput={(event) => keepBasket(setWish(basket.value, index, wish, event.currentTarget.value))}
      onBlur={() => setEditing(false)}
    />
  );
}
