// Three rising notes when an order is ready. Browsers let a page sound only after a tap, so it is asked for by one.

import { signal } from "@preact/signals";
import { read, write } from "../../../lib/storage.ts";

const SOUND = "comanda.sound";
const NOTES = [659.25, 830.61, 987.77];
const APART_S = 0.18;
const RINGS_S = 0.7;

/** Whether it will be heard. Who has chosen it once need not choose again, but has to tap anything on a new page. */
export const soundIsOn = signal(false);

let context: AudioContext | null = null;

/** To be called in answer to a tap. */
export async function turnSound(on: boolean): Promise<void> {
  write(SOUND, on ? "on" : "off");
  soundIsOn.value = on && (await unlock());
  if (soundIsOn.peek()) ring(NOTES.slice(0, 1));
}

/** On a page that opens: as it was chosen on the last one, with the first tap on anything. */
export function resumeSound(): () => void {
  const resume = async () => {
    if (read(SOUND) === "on") soundIsOn.value = await unlock();
  };
  const tapped = () => void resume();
  addEventListener("pointerup", tapped, { once: true });
  return () => removeEventListener("pointerup", tapped);
}

export function chime(): void {
  if (soundIsOn.peek()) ring(NOTES);
}

async function unlock(): Promise<boolean> {
  try {
    context ??= new AudioContext();
    await context.resume();
    return context.state === "running";
  } catch {
    // There is no way to sound here.
    return false;
  }
}

function ring(notes: readonly number[]): void {
  if (!context) return;
  notes.forEach((frequency, at) => {
    const begins = context!.currentTime + at * APART_S;
    const tone = new OscillatorNode(context!, { type: "sine", frequency });
    const volume = new GainNode(context!, { gain: 0 });
    volume.gain.setValueAtTime(0, begins);
    volume.gain.linearRampToValueAtTime(0.4, begins + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, begins + RINGS_S);
    tone.connect(volume).connect(context!.destination);
    tone.start(begins);
    tone.stop(begins + RINGS_S);
  });
}
