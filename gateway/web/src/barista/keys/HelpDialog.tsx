// What the keys do.

import { boardText } from "../../lib/text/board_text.ts";
import { staffText } from "../../lib/text/staff_text.ts";
import { Dialog } from "../../ui/Dialog.tsx";

export function HelpDialog({ onClose }: { onClose(): void }) {
  const words = staffText.keys;
  const rows: readonly (readonly [string, string])[] = [
    ["← ↑ → ↓", words.arrows],
    ["1–9", words.digits],
    ["Enter", words.enter],
    ["U", boardText.board.undo],
    ["M", words.mute],
    ["?", words.help],
  ];
  return (
    <Dialog title={words.open} onClose={onClose}>
      <dl class="keys">
        {rows.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
