// Offers a newer release in a bar of its own. It pushes the page down, so it waits until no finger is near.

import { useEffect, useState } from "preact/hooks";
import { isNewRelease, showRelease } from "../lib/release/release.ts";
import { text } from "../lib/text/text.ts";
import { Icon } from "./Icon.tsx";

const CALM_MS = 3000;

export function NewRelease({ unattended }: { unattended: boolean }) {
  const isCalm = useCalm();
  const [isAsked, setAsked] = useState(false);
  const isNew = isNewRelease.value;
  useEffect(() => {
    if (isNew && unattended) void showRelease();
  }, [isNew, unattended]);
  if (!isNew || unattended || !isCalm) return null;
  const ask = () => {
    setAsked(true);
    void showRelease();
  };
  return (
    <p class="new-release" role="status">
      <Icon name="retry" />
      <span>{text.release.isNew}</span>
      <button type="button" onClick={ask} disabled={isAsked}>
        {text.release.show}
      </button>
    </p>
  );
}

/** Whether there was a moment without a tap or a key since there is something to say; once so, it stays. */
function useCalm(): boolean {
  const [isCalm, setCalm] = useState(false);
  const isNew = isNewRelease.value;
  useEffect(() => {
    if (!isNew || isCalm) return;
    let timer = setTimeout(() => setCalm(true), CALM_MS);
    const again = () => {
      clearTimeout(timer);
      timer = setTimeout(() => setCalm(true), CALM_MS);
    };
    const events = ["pointerdown", "pointermove", "keydown"];
    for (const event of events) addEventListener(event, again);
    return () => {
      clearTimeout(timer);
      for (const event of events) removeEventListener(event, again);
    };
  }, [isNew, isCalm]);
  return isCalm;
}
