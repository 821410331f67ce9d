// Why nobody could sign in. Identity may be away while the kitchen works on, and that is said.

import { isUnreachable, reasonOf } from "../../lib/call/errors.ts";
import { explainAccess } from "../../lib/staff/identity.ts";
import { staffText } from "../../lib/text/staff_text.ts";

export function tellSignIn(error: unknown): string {
  const reason = reasonOf(error);
  if (reason === "SIGN_IN_REFUSED") return staffText.person.wrong;
  const away = isUnreachable(error) || reason === "DEPENDENCY_DOWN" || reason === "DRAINING";
  return away ? staffText.person.away : explainAccess(error);
}
