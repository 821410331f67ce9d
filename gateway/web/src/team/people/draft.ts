// A person as the form has it, and what is wrong with that; within the limits of the contract. Pure.

import { Role, type Staff } from "../../gen/comanda/identity/v1/identity_pb.ts";

export const LONGEST_NAME = 40;
export const LONGEST_LOGIN = 60;
export const LONGEST_PASSWORD = 200;
export const LONGEST_PIN = 8;
const SHORTEST_PASSWORD = 10;

export interface Draft {
  name: string;
  login: string;
  role: Role;
  /** Slugs, separated by commas or spaces. */
  shops: string;
  /** Empty: as it was. */
  password: string;
  pin: string;
  /** The present password of who changes himself or herself. */
  present: string;
}

export type DraftError = "name" | "login" | "shops" | "password" | "pin" | "present";

export interface Rules {
  /** Whether a password has to be given. */
  password?: "required";
  present?: "required";
}

export function draftOf(staff: Pick<Staff, "name" | "login" | "role" | "shopIds">): Draft {
  const { name, login, role, shopIds } = staff;
  return { name, login, role, shops: shopIds.join(", "), password: "", pin: "", present: "" };
}

export function shopsIn(draft: Draft): string[] {
  return draft.role === Role.OWNER ? [] : [...new Set(draft.shops.split(/[\s,]+/).filter(Boolean))];
}

export function errorsOf(draft: Draft, rules: Rules = {}): Partial<Record<DraftError, true>> {
  const wrong: Record<DraftError, boolean> = {
    name: !draft.name.trim(),
    login: !/^[a-z0-9._-]+$/.test(draft.login),
    shops: draft.role !== Role.OWNER && shopsIn(draft).length === 0,
    password: draft.password ? [...draft.password].length < SHORTEST_PASSWORD : rules.password === "required",
    pin: draft.pin !== "" && !/^\d{4,8}$/.test(draft.pin),
    present: rules.present === "required" && !draft.present,
  };
  const errors: Partial<Record<DraftError, true>> = {};
  for (const name of Object.keys(wrong) as DraftError[]) if (wrong[name]) errors[name] = true;
  return errors;
}

/** A login to begin with, of a name. */
export function loginOf(name: string): string {
  const plain = name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  return plain.replace(/[^a-z0-9]+/g, ".").replace(/^\.+|\.+$/g, "").slice(0, LONGEST_LOGIN);
}
