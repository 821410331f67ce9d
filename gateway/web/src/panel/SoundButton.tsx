// Until somebody has touched it a browser plays no sound. Then this is gone.

import { useEffect } from "preact/hooks";
import { isAudible, unlockSound } from "../lib/sound/chime.ts";
import { staffText } from "../lib/text/staff_text.ts";
import { Icon } from "../ui/Icon.tsx";

export function SoundButton() {
  useEffect(() => void unlockSound(), []);
  if (isAudible.value) return null;
  return (
    <button type="button" onClick={() => void unlockSound()}>
      <Icon name="bell" />
      {staffText.panel.allowSound}
    </button>
  );
}
