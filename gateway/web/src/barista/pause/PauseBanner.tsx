// While ordering is paused nobody may overlook it: an empty board would look like a quiet hour.

import { timestampMs } from "@bufbuild/protobuf/wkt";
import { useState } from "preact/hooks";
import { isolated } from "../../lib/text/foreign.ts";
import { menu } from "../../lib/menu/menu.ts";
import { staffText } from "../../lib/text/staff_text.ts";
import { Icon } from "../../ui/Icon.tsx";
import { timeWords } from "../../ui/state/time_words.ts";
import { resumeOrdering } from "./pause.ts";

export function PauseBanner() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const shop = menu.value;
  if (!shop?.pause) return null;
  const { reason, untilTime } = shop.pause;
  const until = untilTime && timeWords(timestampMs(untilTime), shop.utcOffsets);
  const resume = async () => {
    setBusy(true);
    setProblem(await resumeOrdering());
    setBusy(false);
  };
  return (
    <div class="banner pause-banner" role="status">
      <Icon name="pause" />
      <span>
        {staffText.pause.on(isolated(reason), until ?? "")}
        {problem && <strong role="alert"> {problem}</strong>}
      </span>
      <button type="button" disabled={busy} onClick={() => void resume()}>
        <Icon name="play" />
        {busy ? staffText.board.pending : staffText.pause.resume}
      </button>
    </div>
  );
}
