// While ordering is paused nobody may overlook it: an empty board would look like a quiet hour.

import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { ReadonlySignal } from "@preact/signals";
import { useState } from "preact/hooks";
import { explain } from "../../lib/call/errors.ts";
import { hasOpenedSince } from "../../lib/time/hours.ts";
import { serverMinute } from "../../lib/time/server_time.ts";
import { isolated } from "../../lib/text/foreign.ts";
import { menu } from "../../lib/menu/held.ts";
import { staffText } from "../../lib/text/staff_text.ts";
import { Icon } from "../../ui/Icon.tsx";
import { timeWords } from "../../ui/state/time_words.ts";
import type { Menu } from "../../lib/menu/resolve.ts";
import { useAwake, useHeld } from "../board/useHeld.ts";

export function PauseBanner({ isStill }: { isStill: ReadonlySignal<boolean> }) {
  const shop = useHeld(menu.value, isStill.value);
  return shop?.pause ? <Paused shop={shop} pause={shop.pause} /> : null;
}

function Paused({ shop, pause }: { shop: Menu; pause: NonNullable<Menu["pause"]> }) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const awake = useAwake();
  const { reason, untilTime, setTime, endsWithDay } = pause;
  // Somebody meant to end it before that.
  const loud =
    endsWithDay &&
    setTime !== undefined &&
    hasOpenedSince(shop.openingHours, shop.specialDays, timestampMs(setTime), serverMinute.value, shop.utcOffsets);
  const until = untilTime && timeWords(timestampMs(untilTime), shop.utcOffsets);
  const resume = async () => {
    setBusy(true);
    // Fetched then: who only looks at the board changes no menu.
    const why = await import("./pause.ts").then(({ resumeOrdering }) => resumeOrdering(), explain);
    setProblem(why);
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
      <button type="button" disabled={busy || !awake} onClick={() => void resume()}>
        <Icon name="play" />
        {busy ? staffText.options.sending : staffText.pause.resume}
      </button>
    </div>
  );
}
