// The texts of this page, in the language spoken now. To be used as `text` is.

import { explainAccess } from "../lib/staff/identity.ts";
import { reasonOf } from "../lib/call/errors.ts";
import { language } from "../lib/text/language.ts";
import { teamEn } from "../text/team_en.ts";
import { teamPtBR, type TeamText } from "../text/team_pt_br.ts";

export const teamText: TeamText = new Proxy(teamPtBR, {
  get: (_, section) => Reflect.get(language.value === "en" ? teamEn : teamPtBR, section),
});

/** A sentence for people; null when nothing failed. */
export function tell(error: unknown): string | null {
  if (!error) return null;
  const known: Readonly<Record<string, string>> = teamText.reasons;
  return known[reasonOf(error)] ?? explainAccess(error);
}
