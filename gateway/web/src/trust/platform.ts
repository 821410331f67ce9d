// Which device somebody reads this on, so that its steps come first. Pure; a wrong guess costs one tap.

import type { TrustText } from "../text/trust_pt_br.ts";

export type Platform = keyof TrustText["platforms"];

export const PLATFORMS: readonly Platform[] = ["android", "ios", "windows", "macos", "chrome", "firefox"];

/** By what the browser says of itself; an iPad calls itself a Mac, but has a screen to touch. */
export function platformOf(userAgent: string, touchPoints: number): Platform {
  if (/Android/.test(userAgent)) return "android";
  if (/iPhone|iPad/.test(userAgent)) return "ios";
  if (/Macintosh/.test(userAgent) && touchPoints > 1) return "ios";
  if (/Firefox\//.test(userAgent)) return "firefox";
  if (/Windows/.test(userAgent)) return "windows";
  return /Macintosh/.test(userAgent) ? "macos" : "chrome";
}
