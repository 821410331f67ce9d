// The texts of the shop's own screens, in the language spoken now. To be used as `text` is.

import { staffEn } from "../../text/staff_en.ts";
import { staffPtBR, type StaffText } from "../../text/staff_pt_br.ts";
import { language } from "./language.ts";

export const staffText: StaffText = new Proxy(staffPtBR, {
  get: (_, section) => Reflect.get(language.value === "en" ? staffEn : staffPtBR, section),
});
