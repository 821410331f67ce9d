// What unit tests share. Not part of any page.

/** The events that wake a waiting page, for code that runs outside a browser. */
export const page = Object.assign(new EventTarget(), { visibilityState: "visible" });

Object.assign(globalThis, {
  document: page,
  addEventListener: page.addEventListener.bind(page),
  removeEventListener: page.removeEventListener.bind(page),
});

/** Lets everything that is already due happen. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}
