// Begins the shift; from then on the sound is switched here.

import { boardText } from "../../lib/text/board_text.ts";
import { Icon } from "../../ui/Icon.tsx";
import { BoardIcon } from "../BoardIcon.tsx";
import { sound } from "../settings.ts";
import { shift, startShift } from "./shift.ts";

export function ShiftButton() {
  const isOn = sound.value === "on";
  const isBlocked = shift.value !== null && ["refused", "missing"].includes(shift.value.sound);
  if (!shift.value) {
    return (
      <button type="button" class="primary start" onClick={startShift}>
        <Icon name="play" />
        <span>
          <span class="long">{boardText.shift.begin} </span>
          {boardText.shift.name}
        </span>
      </button>
    );
  }
  return (
    <button
      type="button"
      class={isOn && !isBlocked ? "bar-button" : "bar-button is-off"}
      aria-pressed={!isOn}
      onClick={() => (sound.value = isOn ? "off" : "on")}
    >
      <BoardIcon name={isOn && !isBlocked ? "sound" : "mute"} />
      <span class="hidden">{boardText.shift.mute}</span>
    </button>
  );
}
