// The texts of the shop's own screens, in the language spoken now. To be used as `text` is.

import { signal } from "@preact/signals";
import { staffPtBR, type StaffText } from "../../text/staff_pt_br.ts";
import { language } from "./language.ts";
import type { Language } from "./tags.ts";
import { alsoLoad } from "./texts.ts";

const english = signal<StaffText | null>(null);

async function load(language: Language): Promise<void> {
  if (language === "en") english.value ??= (await import("../../text/staff_en.ts")).staffEn;
}
alsoLoad(load);
// Where the page speaks already.
void load(language.peek());

export const staffText: StaffText = new Proxy(staffPtBR, {
  get: (_, section) => Reflect.get((language.value === "en" && english.value) || staffPtBR, section),
});
