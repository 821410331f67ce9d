// The texts of the page of one order, in the language spoken now. To be used as `text` is.

import { language } from "../../lib/text/language.ts";
import { followEn } from "../../text/follow_en.ts";
import { followPtBR, type FollowText } from "../../text/follow_pt_br.ts";

export const followText: FollowText = new Proxy(followPtBR, {
  get: (_, key) => Reflect.get(language.value === "en" ? followEn : followPtBR, key),
});
