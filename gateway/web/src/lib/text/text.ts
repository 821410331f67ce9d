// The texts of the language spoken now.

import { ptBR, type Text } from "../../text/pt_br.ts";
import { language } from "./language.ts";
import { textsOf } from "./texts.ts";

/**
 * Looks the language up at each use, so whatever was drawn with a text is drawn again when the language changes. Hence
 * no module may keep a text in a constant.
 */
export const text: Text = new Proxy(ptBR, {
  get: (_, section) => Reflect.get(textsOf(language.value), section),
});
