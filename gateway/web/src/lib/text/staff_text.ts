// The texts of the shop's own screens, in the language spoken now. To be used as `text` is.

import { staffPtBR, type StaffText } from "../../text/staff_pt_br.ts";
import { language } from "./language.ts";
import { alsoLoad } from "./texts.ts";

let english: StaffText | undefined;
alsoLoad(async (language) => {
  if (language === "en") english ??= (await import("../../text/staff_en.ts")).staffEn;
});

export const staffText: StaffText = new Proxy(staffPtBR, {
  get: (_, section) => Reflect.get((language.value === "en" && english) || staffPtBR, section),
});
