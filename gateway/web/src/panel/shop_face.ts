// Whose panel it is: its name, logo and colour. Asked once, since they hardly ever change, and after the numbers, which
// need nothing of it.

import { signal } from "@preact/signals";
import { untilAnswered } from "../lib/call/retry.ts";
import { whenIdle } from "../lib/lazily.tsx";

export const shopFace = signal({ name: "", logo: "" });
export const isUnknownShop = signal(false);

export function learnShop(): () => void {
  let asking = true;
  const isAsking = () => asking;
  whenIdle(() => {
    untilAnswered(() => import("./ask_shop.ts"), { again: isAsking }).then(
      ({ askShop }) => askShop(isAsking),
      () => undefined, // Nobody asks any more.
    );
  });
  return () => (asking = false);
}
