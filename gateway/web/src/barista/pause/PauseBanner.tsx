// While ordering is paused nobody may overlook it: an empty board would look like a quiet hour.

import { timestampMs } from "@bufbuild/protobuf/wkt";
import { useState } from "preact/hooks";
import { hasOpenedSince } from "../../lib/time/hours.ts";
import { serverMinute } from "../../lib/time/server_time.ts";
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
  const { reason, untilTime, setTime, endsWithDay } = shop.pause;
  // Somebody meant to end it before that.
  const loud =
    endsWithDay &&
    setTime !== undefined &&
    hasOpenedSince(shop.openingHours, shop.specialDays, timestampMs(setTime), serverMinute.value, shop.utcOffsets);
  const until = untilTime && timeWords(timestampMs(untilTime), shop.utcOffsets);
  const resume = async () => {
    setBusy(true);
    setProblem(await resumeOrdering());
    setBusy(false);
  };
  return (
    <div class={loud ? "banner pause-banner is-loud" : "banner pause-banner"} role={loud ? "alert" : "status"}>
      <Icon name={loud ? "alert" : "pause"} />
      <span>
        {loud && <strong>{staffText.pause.forgotten} </strong>}
        {staffText.pause.on(isolated(reason), until ?? "", endsWithDay)}
        {problem && <strong role="alert"> {problem}</strong>}
      </span>
      <button type="button" disabled={busy} onClick={() => void resume()}>
        <Icon name="play" />
        {busy ? staffText.board.pending : staffText.pause.resume}
      </button>
    </div>
  );
}
