// Whether the phone sounds when the order is ready.

import { useEffect } from "preact/hooks";
import { Icon } from "../../../ui/Icon.tsx";
import { followText } from "../follow_text.ts";
import { resumeSound, soundIsOn, turnSound } from "./sound.ts";

export function SoundSwitch() {
  useEffect(resumeSound, []);
  const isOn = soundIsOn.value;
  return (
    <button type="button" aria-pressed={isOn} onClick={() => turnSound(!isOn)}>
      <Icon name={isOn ? "check" : "bell"} />
      {followText.sound}
    </button>
  );
}
