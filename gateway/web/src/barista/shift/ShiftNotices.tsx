// What the browser refused when the shift began, until somebody has read it.

import { signal } from "@preact/signals";
import { boardText } from "../../lib/text/board_text.ts";
import { Notices } from "../Notices.tsx";
import { shift, type Grant, type Wish } from "./shift.ts";

const WISHES: readonly Wish[] = ["sound", "awake", "full"];

/** Dismissed ones; another answer of the browser shows again. */
const read = signal<readonly string[]>([]);

export function ShiftNotices() {
  const grants = shift.value;
  const problems = WISHES.flatMap((wish) => {
    const grant = grants?.[wish];
    if (grant !== "refused" && grant !== "missing") return [];
    const id = `${wish} ${grant}`;
    return read.value.includes(id) ? [] : [{ id, text: wordsOf(wish, grant) }];
  });
  return <Notices problems={problems} isMild onDismiss={(id) => (read.value = [...read.value, id])} />;
}

function wordsOf(wish: Wish, grant: Grant): string {
  const why = grant === "missing" && !isSecureContext ? boardText.shift.insecure : boardText.shift[grant as "refused" | "missing"];
  return `${boardText.shift.lacks[wish]} ${why}`;
}
