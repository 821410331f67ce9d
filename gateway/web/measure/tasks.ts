// What measurements ask of a page.

import type { Page } from "@playwright/test";

/** Runs in the page: when the first such element was painted, and how long the main thread was not free. */
export function watchTasks(first: string): void {
  const tasks: number[] = [];
  Reflect.set(globalThis, "tasks", tasks);
  new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
    type: "longtask",
    buffered: true,
  });
  const waiting = new MutationObserver(() => {
    if (!document.querySelector(first)) return;
    waiting.disconnect();
    // After the frame that shows it.
    requestAnimationFrame(() => setTimeout(() => Reflect.set(globalThis, "firstShown", performance.now())));
  });
  waiting.observe(document, { childList: true, subtree: true });
}

/** The longest task since the last question; under 50 ms there is none. */
export async function busy(page: Page): Promise<number> {
  const tasks = await page.evaluate(async () => {
    await new Promise((idle) => requestIdleCallback(idle));
    return (Reflect.get(globalThis, "tasks") as number[]).splice(0);
  });
  return Math.round(Math.max(0, ...tasks));
}
