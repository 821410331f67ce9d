// The page's service worker, where the context is secure. See src/worker/sw.ts.

const PAGES = ["barista", "painel", "status", "equipe"];
const TAKE_OVER_MS = 10_000;

let registration: ServiceWorkerRegistration | undefined;

export async function registerWorker(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  // Menu and orders have one, whose scope is everything that has none of its own.
  const page = PAGES.find((name) => location.pathname.startsWith(`/${name}`)) ?? "";
  try {
    registration = await navigator.serviceWorker.register(`/sw.js?page=${page}`, { scope: `/${page}` });
  } catch {
    // The browser is told to keep nothing, or the disk is full. The page works without.
  }
}

/** Whether the files of another release are at hand: at once without a worker. */
export async function newWorker(): Promise<boolean> {
  if (!registration) return true;
  await registration.update();
  const { installing } = registration;
  if (installing) await changed(installing, "statechange", () => installing.state !== "installing");
  // One that is active already was let in by another tab.
  return registration.waiting !== null || installing?.state === "activated";
}

/** Lets the waiting worker in, for every tab. */
export async function takeOver(): Promise<void> {
  const waiting = registration?.waiting;
  if (!waiting) return;
  waiting.postMessage("take over");
  await changed(waiting, "statechange", () => waiting.state === "activated");
}

/** Waits for a state, but not for ever. */
function changed(target: EventTarget, event: string, done: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => done() && resolve();
    target.addEventListener(event, look);
    setTimeout(resolve, TAKE_OVER_MS);
    look();
  });
}
