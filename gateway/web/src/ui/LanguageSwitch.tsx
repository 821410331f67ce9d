// Leads to the other language. It says so in that language: whoever needs it may not read this one.

import { language, switchLanguage } from "../lib/text/language.ts";
import { text } from "../lib/text/text.ts";
import { Icon } from "./Icon.tsx";

export function LanguageSwitch() {
  const other = language.value === "en" ? "pt-BR" : "en";
  return (
    <button type="button" class="quiet language" lang={other} onClick={() => void switchLanguage()}>
      <Icon name="globe" />
      {text.otherLanguage}
    </button>
  );
}
