// The board's voice. Browsers let a page sound only after somebody has tapped it, so it is unlocked with the shift.

import { sound } from "../settings.ts";
import type { Kind } from "../news/news.ts";

/** Hertz, and seconds after the start. Each kind has its own tune; none is longer than a second. */
const TUNES: Record<Kind, readonly (readonly [hertz: number, at: number])[]> = {
  new: [[784, 0], [1047, 0.14], [1319, 0.28]],
  changed: [[988, 0], [988, 0.2]],
  cancelled: [[659, 0], [494, 0.2], [370, 0.4]],
};
const NOTE_S = 0.4;
const LOUDNESS = 0.35;

let context: AudioContext | undefined;

/** To be called in a tap. False when the browser stays silent. */
export async function unlockSound(): Promise<boolean> {
  context ??= new AudioContext();
  await context.resume();
  return context.state === "running";
}

export function chime(kind: Kind): void {
  if (sound.peek() === "off" || context?.state !== "running") return;
  const { destination, currentTime: now } = context;
  for (const [hertz, at] of TUNES[kind]) {
    const [note, loudness] = [context.createOscillator(), context.createGain()];
    note.frequency.value = hertz;
    // A struck bell: at once, and then less and less.
    loudness.gain.setValueAtTime(LOUDNESS, now + at);
    loudness.gain.exponentialRampToValueAtTime(0.001, now + at + NOTE_S);
    note.connect(loudness).connect(destination);
    note.start(now + at);
    note.stop(now + at + NOTE_S);
  }
}
