// Wishes at one tap, above the field for those in one's own words.

import { text } from "../../lib/text/text.ts";
import { Icon } from "../../ui/Icon.tsx";

interface Props {
  /** Each as it is shown, and as the kitchen reads it. */
  notes: readonly { shown: string; note: string }[];
  chosen: readonly string[];
  /** False for one that no longer fits into the line's note. */
  fits(note: string): boolean;
  onChange(chosen: string[]): void;
}

export function QuickNotes({ notes, chosen, fits, onChange }: Props) {
  const toggle = (note: string) =>
    onChange(chosen.includes(note) ? chosen.filter((other) => other !== note) : [...chosen, note]);
  return (
    <fieldset class="quick-notes">
      <legend>{text.choice.quickNotes}</legend>
      <div class="chips">
        {notes.map(({ shown, note }) => {
          const isChosen = chosen.includes(note);
          return (
            <button
              key={note}
              type="button"
              aria-pressed={isChosen}
              disabled={!isChosen && !fits(note)}
              onClick={() => toggle(note)}
            >
              {isChosen && <Icon name="check" />}
              <bdi>{shown}</bdi>
            </button>
          );
        })}
      </div>
    </fieldset>
  );
}
