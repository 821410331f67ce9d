// The start of a shift: one tap asks the browser for sound, for a screen that stays on, and for the whole screen. What it
// refuses is said; nothing waits for it.

import { signal } from "@preact/signals";
import { unlockSound } from "../../lib/sound/chime.ts";

export type Wish = "sound" | "awake" | "full";
/** `missing`: this browser, or a page that came by plain http, has no such thing. */
export type Grant = "asked" | "granted" | "refused" | "missing";

/** Null until somebody has begun it; a page that is loaded again begins again. */
export const shift = signal<Readonly<Record<Wish, Grant>> | null>(null);

/** To be called in a tap. */
export function startShift(): void {
  shift.value = { sound: "asked", awake: "asked", full: "asked" };
  settle("sound", "AudioContext" in globalThis ? unlockSound : undefined);
  settle("full", document.documentElement.requestFullscreen && (() => document.documentElement.requestFullscreen()));
  stayAwake();
  document.addEventListener("visibilitychange", stayAwake);
}

export function endShift(): void {
  shift.value = null;
  document.removeEventListener("visibilitychange", stayAwake);
  void lock?.release();
  if (document.fullscreenElement) void document.exitFullscreen();
}

let lock: WakeLockSentinel | undefined;

/** Browsers take the lock away while nobody sees the page. */
function stayAwake(): void {
  if (document.visibilityState !== "visible") return;
  const wakeLock = navigator.wakeLock as WakeLock | undefined;
  settle("awake", wakeLock && (async () => void (lock = await wakeLock.request("screen"))));
}

function settle(wish: Wish, ask: (() => Promise<boolean | void>) | undefined): void {
  const is = (grant: Grant) => {
    if (shift.peek()) shift.value = { ...shift.peek()!, [wish]: grant };
  };
  if (!ask) return is("missing");
  // Some browsers throw instead of answering.
  new Promise<boolean | void>((answer) => answer(ask())).then(
    (granted) => is(granted === false ? "refused" : "granted"),
    () => is("refused"),
  );
}
