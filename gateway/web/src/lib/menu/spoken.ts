// What the shop of this page says of what it sells, in the language of the page as far as it can.

import { computed } from "@preact/signals";
import type { Translation } from "../../gen/comanda/catalog/v1/menu_pb.ts";
import { language } from "../text/language.ts";
import { menu } from "./menu.ts";
import { ownLanguage, translationIn } from "./translated.ts";

interface Told {
  readonly translations: readonly Translation[];
}

/** Apart from the menu, so that a menu that changes draws nothing anew that only asks for this. */
const own = computed(() => ownLanguage(menu.value));

export function nameOf(thing: Told & { name: string }): string {
  return spoken(thing)?.name || thing.name;
}

export function descriptionOf(thing: Told & { description: string }): string {
  return spoken(thing)?.description || thing.description;
}

export function paymentOf(thing: Told & { paymentText: string }): string {
  return spoken(thing)?.paymentText || thing.paymentText;
}

/** Each as it is shown, and as the kitchen reads it. */
export function quickNotesOf(thing: Told & { quickNotes: readonly string[] }): { shown: string; note: string }[] {
  const shown = spoken(thing)?.quickNotes ?? [];
  return thing.quickNotes.map((note, at) => ({ shown: shown[at] || note, note }));
}

function spoken(thing: Told): Translation | undefined {
  return translationIn(thing, language.value, own.value);
}
