// Who works at this tablet. A person signs in with a PIN, beside the device's credential: from then on every change is
// that person's, until the session ends or is left; then it is the device's again. What the board shows needs no person,
// so signing in and out does not disturb it.

import { Code, ConnectError, type CallOptions } from "@connectrpc/connect";
import { timestampMs } from "@bufbuild/protobuf/wkt";
import { computed, signal } from "@preact/signals";
import type { GetMeResponse } from "../../gen/comanda/identity/v1/identity_service_pb.ts";
import { lacksAccess } from "../../lib/call/errors.ts";
import { untilAnswered } from "../../lib/call/retry.ts";
import { bearer } from "../../lib/call/transport.ts";
import { openCredential } from "../../lib/staff/credential.ts";
import { onForeignChange, read, remove, write } from "../../lib/storage.ts";
import { serverMinute } from "../../lib/time/server_time.ts";
import { parsePerson, type Person } from "./stored.ts";

/** Not needed to see the board, so fetched after it. */
const identity = async () => (await import("../../lib/staff/identity.ts")).identity;

const KEY = "comanda.person";
const TRIES = 3;

export const credential = openCredential("comanda.staff_token");

const kept = signal<Person | null>(parsePerson(read(KEY)));
onForeignChange(KEY, () => (kept.value = parsePerson(read(KEY))));

/** Null: nobody, so the device's name stands. */
export const person = computed(() => {
  const one = kept.value;
  return one && one.device === credential.token.value && one.endMs > serverMinute.value ? one : null;
});

/** Whose tablet this is, and who may sign in at it; null before Identity has told. */
export const me = signal<GetMeResponse | null>(null);

export async function askMe(): Promise<void> {
  me.value = await (await identity()).getMe({}, asDevice());
}

/** Asks until it is known. Identity may be away for long; the board goes on. */
export function learnMe(): () => void {
  let asking = true;
  untilAnswered(askMe, { again: (error) => asking && !lacksAccess(error) }).catch(() => undefined);
  return () => (asking = false);
}

export async function signIn(staffId: string, pin: string): Promise<void> {
  const { session } = await (await identity()).signIn({ proof: { case: "pin", value: { staffId, pin } } }, asDevice());
  const device = credential.token.peek();
  if (!session?.staff || !session.expireTime || !device) return;
  leave();
  keep({ device, token: session.accessToken, staffId, name: session.staff.name, endMs: timestampMs(session.expireTime) });
}

/** At once; the session ends everywhere as soon as Identity hears of it. */
export function leave(): void {
  const one = kept.peek();
  keep(null);
  if (!one) return;
  const end = async () => (await identity()).signOut({}, { headers: bearer(one.token) });
  untilAnswered(end, { tries: TRIES, again: (error) => !lacksAccess(error) }).catch(() => undefined);
}

/** One change by whoever works here. */
export function asWhoWorks<T>(call: (options: CallOptions) => Promise<T>): Promise<T> {
  return asPerson(person.peek()?.staffId ?? "", call);
}

/** Should that person have left, or the session be over, the change is the device's: work does not stop. */
export async function asPerson<T>(staffId: string, call: (options: CallOptions) => Promise<T>): Promise<T> {
  const one = person.peek();
  if (!one || one.staffId !== staffId) return call(asDevice());
  try {
    return await call({ headers: bearer(one.token) });
  } catch (error) {
    if (ConnectError.from(error).code !== Code.Unauthenticated) throw error;
    if (kept.peek() === one) keep(null);
    return call(asDevice());
  }
}

function asDevice(): CallOptions {
  return { headers: bearer(credential.token.peek() ?? "") };
}

function keep(one: Person | null): void {
  kept.value = one;
  if (one) write(KEY, JSON.stringify(one));
  else remove(KEY);
}
