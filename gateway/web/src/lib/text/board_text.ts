// The texts of the kitchen's board, in the language spoken now. To be used as `text` is.

import { signal } from "@preact/signals";
import { boardPtBR, type BoardText } from "../../text/board_pt_br.ts";
import { language } from "./language.ts";
import type { Language } from "./tags.ts";
import { alsoLoad } from "./texts.ts";

const english = signal<BoardText | null>(null);

async function load(language: Language): Promise<void> {
  if (language === "en") english.value ??= (await import("../../text/board_en.ts")).boardEn;
}
alsoLoad(load);
// Where the page speaks already.
void load(language.peek());

export const boardText: BoardText = new Proxy(boardPtBR, {
  get: (_, section) => Reflect.get((language.value === "en" && english.value) || boardPtBR, section),
});
