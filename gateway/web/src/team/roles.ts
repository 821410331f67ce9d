// What each role is called, and which ones somebody may give.

import { Role } from "../gen/comanda/identity/v1/identity_pb.ts";
import { teamText } from "./team_text.ts";

export const OWNER = Role.OWNER;

export function roleName(role: Role): string {
  return teamText.roles[role] ?? "";
}

/** None above the giver's own. */
export function givenBy(giver: Role): Role[] {
  return [Role.BARISTA, Role.MANAGER, Role.OWNER].filter((role) => role <= giver);
}
