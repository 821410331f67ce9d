// Whether this phone sounds when an order is ready: chosen once, and kept for the next order.

import { computed, signal } from "@preact/signals";
import { chime, isAudible, unlockSound } from "../../../lib/sound/chime.ts";
import { read, write } from "../../../lib/storage.ts";

const SOUND = "comanda.sound";

const isWanted = signal(read(SOUND) === "on");

/** Browsers let a page sound only after a tap on it. */
export const soundIsOn = computed(() => isWanted.value && isAudible.value);

/** To be called in answer to a tap. It sounds at once, so that people know what to listen for. */
export function turnSound(on: boolean): void {
  isWanted.value = on;
  write(SOUND, on ? "on" : "off");
  if (!on) return;
  void unlockSound();
  const unlisten = isAudible.subscribe((audible) => {
    if (!audible) return;
    chime("ready");
    queueMicrotask(() => unlisten());
  });
}

/** On a page that opens: as it was chosen on the last one, with the first tap on anything. */
export function resumeSound(): () => void {
  const tapped = () => {
    if (isWanted.peek()) void unlockSound();
  };
  addEventListener("pointerup", tapped, { once: true });
  return () => removeEventListener("pointerup", tapped);
}

export function soundReady(): void {
  if (soundIsOn.peek()) chime("ready");
}
