// Short sounds of our own making. Browsers play none until somebody has touched the page; a screen for a wall may be
// started so that it may (`--autoplay-policy=no-user-gesture-required`).

import { signal } from "@preact/signals";

/** In Hz, one note after the other; none takes two seconds. */
const TUNES = {
  new: [784, 1047, 1319],
  changed: [988, 988],
  cancelled: [659, 494, 370],
  ready: [523, 659, 784],
} as const;
const NOTE_S = 0.2;
const FADE_S = 0.6;
const LOUD = 0.35;

export type Tune = keyof typeof TUNES;

/** Whether a sound would be heard now. */
export const isAudible = signal(false);

let context: AudioContext | undefined;

/** To be called in a tap, or in the hope that it is allowed: without permission it waits. False where there is no sound. */
export async function unlockSound(): Promise<boolean> {
  try {
    context ??= listenTo(new AudioContext());
    await context.resume();
    // The event comes after this.
    return (isAudible.value = context.state === "running");
  } catch {
    return false;
  }
}

function listenTo(audio: AudioContext): AudioContext {
  const note = () => (isAudible.value = audio.state === "running");
  audio.addEventListener("statechange", note);
  note();
  return audio;
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
