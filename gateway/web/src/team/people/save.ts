// Stores a person. Who changes an own password or PIN ends the own sessions as well, and so signs in again.

import type { Staff } from "../../gen/comanda/identity/v1/identity_pb.ts";
import { identity } from "../../lib/staff/identity.ts";
import { asMe, rename, signIn } from "../session.ts";
import { shopsIn, type Draft } from "./draft.ts";

/** `who`: whom the draft changes; null for somebody new. `me`: who does it. */
export async function save(draft: Draft, who: Staff | null, me: Staff): Promise<void> {
  const { login, role, password, pin, present } = draft;
  const staff = { name: draft.name.trim(), login, role, shopIds: shopsIn(draft) };
  if (!who) {
    await asMe((options) => identity.createStaff({ staff, password, pin }, options));
    return;
  }
  const { staffId, revision } = who;
  const request = { staff: { ...staff, staffId, revision }, password, pin, presentPassword: present };
  const changed = await asMe((options) => identity.updateStaff(request, options));
  if (staffId !== me.staffId || !changed.staff) return;
  const proof = password || present;
  if ((password || pin) && proof) await signIn(passwordProof(login, proof));
  else rename(changed.staff);
}

export function passwordProof(login: string, password: string) {
  return { case: "password" as const, value: { $typeName: "comanda.identity.v1.PasswordProof" as const, login, password } };
}
