// Short sounds of our own making. Browsers play none until somebody has touched the page; a screen for a wall may be
// started so that it may (`--autoplay-policy=no-user-gesture-required`).

import { signal } from "@preact/signals";

/** What each means: two notes up, three notes up, two notes down; Hz. */
const TUNES = { new: [659, 880], ready: [523, 659, 784], changed: [880, 659], cancelled: [440, 294] };
const NOTE_S = 0.22;
const FADE_S = 0.9;
const LOUD = 0.35;

export type Tune = keyof typeof TUNES;

/** Whether a sound would be heard now. */
export const isAudible = signal(false);

let context: AudioContext | undefined;

/** To be called where somebody has just touched the page, or in the hope that it is allowed. */
export async function unlockSound(): Promise<boolean> {
  try {
    if (!context) {
      context = new AudioContext();
      const note = () => (isAudible.value = context?.state === "running");
      context.addEventListener("statechange", note);
      note();
    }
    // Without permission it waits for ever; the state tells when it comes.
    void context.resume();
  } catch {
    // A browser, or a machine, without sound.
  }
  await Promise.resolve();
  return isAudible.peek();
}

export function chime(tune: Tune): void {
  if (!context || context.state !== "running") return;
  TUNES[tune].forEach((pitch, index) => play(context!, pitch, context!.currentTime + index * NOTE_S));
}

/** One note like a small bell: there at once, and gone in less than a second. */
function play(audio: AudioContext, pitch: number, start: number): void {
  const tone = new OscillatorNode(audio, { type: "triangle", frequency: pitch });
  const volume = new GainNode(audio, { gain: 0 });
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(LOUD, start + 0.01);
  volume.gain.exponentialRampToValueAtTime(0.001, start + FADE_S);
  tone.connect(volume).connect(audio.destination);
  tone.start(start);
  tone.stop(start + FADE_S);
}
