// How to pay, in the shop's own words.

import { text } from "../lib/text/text.ts";
import { Icon } from "../ui/Icon.tsx";

export function PaymentLine({ words }: { words: string }) {
  if (!words) return null;
  return (
    <p class="payment">
      <Icon name="card" />
      <span>
        <b>{text.checkout.payment}</b>
        <bdi>{words}</bdi>
      </span>
    </p>
  );
}
