// Hands on the link with which others see the order, and no more.

import { useEffect, useState } from "preact/hooks";
import { askNetwork, network } from "../../lib/network.ts";
import { Icon } from "../../ui/Icon.tsx";
import { followText } from "./follow_text.ts";

export function ShareOrder({ fragment, number }: { fragment: string; number: string }) {
  const [how, setHow] = useState<"copied" | "byHand" | null>(null);
  // A link of the staff's own door would warn whoever opens it.
  useEffect(() => void askNetwork().catch(() => undefined), []);
  const url = `${network.value?.customers ?? location.origin}/acompanhar#${fragment}`;
  const share = async () => {
    try {
      if (typeof navigator.share === "function") return await navigator.share({ title: followText.shareTitle(number), url });
      await navigator.clipboard.writeText(url);
      setHow("copied");
    } catch (error) {
      // Who thinks better of it has not failed. By plain http over a network there is neither.
      if ((error as Error).name !== "AbortError") setHow("byHand");
    }
  };
  return (
    <>
      <button type="button" onClick={() => void share()}>
        <Icon name="share" />
        {followText.share}
      </button>
      <p class={how ? "share-result" : "hidden"} role="status">
        {how === "copied" && (
          <>
            <Icon name="check" /> {followText.copied}
          </>
        )}
        {how === "byHand" && (
          <label class="field">
            {followText.copyByHand}
            <input readOnly value={url} onFocus={(event) => event.currentTarget.select()} />
          </label>
        )}
      </p>
    </>
  );
}
