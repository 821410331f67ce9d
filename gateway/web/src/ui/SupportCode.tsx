// For whoever asks for help: the id of the trace in which something failed, to be copied.

import { useEffect, useState } from "preact/hooks";
import { text } from "../lib/text/text.ts";
import { Icon } from "./Icon.tsx";

const THANKS_MS = 2_000;

export function SupportCode({ code }: { code: string | undefined }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(setCopied, THANKS_MS, false);
    return () => clearTimeout(timer);
  }, [copied]);
  if (!code) return null;
  return (
    <button type="button" class="support-code" title={code} onClick={() => void copy(code).then(setCopied)}>
      {copied && <Icon name="check" />}
      {copied ? text.action.copied : `${text.errors.code} ${code.slice(0, 8)}`}
    </button>
  );
}

/** By plain http from another machine a page has no clipboard, but what is selected may be copied. */
async function copy(words: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch {
    const field = Object.assign(document.createElement("textarea"), { value: words });
    (document.querySelector("dialog[open]") ?? document.body).append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}
