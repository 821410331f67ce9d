// Tells when the shop runs another release than this page is of. The page goes on as it is until somebody says so.

import { signal } from "@preact/signals";
import { rememberRelease, seenReleases } from "./seen.ts";
import { newWorker, registerWorker, takeOver } from "./worker.ts";

const INTERVAL_MS = 60_000;

/** Whether another release can be shown. */
export const isNewRelease = signal(false);

/** To be called once, when the page shows. */
export function watchRelease(): void {
  const mine = document.querySelector<HTMLMetaElement>('meta[name="comanda-release"]')?.content ?? "";
  // Not built: `npm run dev` reloads by itself.
  if (!/^[0-9a-f]+$/.test(mine)) return;
  rememberRelease(mine);
  void registerWorker();
  const look = () => void lookForRelease();
  setInterval(look, INTERVAL_MS);
  addEventListener("online", look);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
  // A part of this release that is no longer there.
  addEventListener("vite:preloadError", look);
}

/** Shows the newer release: what was tapped is kept (barista/taps), what was chosen is, too (customer/basket). */
export async function showRelease(): Promise<void> {
  await takeOver();
  location.reload();
}

async function lookForRelease(): Promise<void> {
  if (isNewRelease.peek()) return;
  try {
    const reply = await fetch("/release.txt", { cache: "no-cache" });
    if (!reply.ok || seenReleases().includes((await reply.text()).trim())) return;
    // With a worker, its files have to be here first; a shop in between may answer for the release before.
    if (await newWorker()) isNewRelease.value = true;
  } catch {
    // The shop is out of reach; another look comes.
  }
}
