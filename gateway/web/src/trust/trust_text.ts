// The texts of this page, in the language spoken now. To be used as `text` is.

import { language } from "../lib/text/language.ts";
import { trustEn } from "../text/trust_en.ts";
import { trustPtBR, type TrustText } from "../text/trust_pt_br.ts";

export const trustText: TrustText = new Proxy(trustPtBR, {
  get: (_, section) => Reflect.get(language.value === "en" ? trustEn : trustPtBR, section),
});
