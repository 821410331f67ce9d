// Who is signed in on this page. The access token lives as long as the page; what is kept for the next visit is the
// refresh token, which is good once: so one tab at a time uses it, and leaves the next one for the others.

import { create } from "@bufbuild/protobuf";
import { type CallOptions, Code, ConnectError } from "@connectrpc/connect";
import { signal } from "@preact/signals";
import type { Session, Staff } from "../gen/comanda/identity/v1/identity_pb.ts";
import { OidcProofSchema, type SignInRequest } from "../gen/comanda/identity/v1/identity_service_pb.ts";
import { lacksAccess, metadataOf, reasonOf } from "../lib/call/errors.ts";
import { untilAnswered } from "../lib/call/retry.ts";
import { bearer } from "../lib/call/transport.ts";
import { takeFragment } from "../lib/staff/credential.ts";
import { SHOP, shopLink } from "../lib/shop.ts";
import { ofFragment } from "../lib/staff/given.ts";
import { identity } from "../lib/staff/identity.ts";
import { takeArrival } from "./sign_in/provider.ts";
import type { Arrival } from "./sign_in/trip.ts";
import { alone, keepToken, keptToken } from "./kept.ts";

const TRIES = 3;

/** Why somebody has to sign in, or to do so again. */
export type Why = "link" | "ended" | "foreign" | "denied" | "refused" | "noRole" | "providerAway";

export type Visit =
  | { state: "opening" }
  /** Nobody could say whether the session goes on. */
  | { state: "away"; error: unknown }
  | { state: "out"; why: Why | null; error?: unknown }
  | { state: "in"; staff: Staff; byLink: boolean };

export const visit = signal<Visit>({ state: "opening" });

let access: string | null = null;
let link: string | null = null;
let arrival: Arrival | null = takeArrival();

function takeLink(): void {
  const given = ofFragment(takeFragment());
  if (given?.as === "link") link = given.secret;
}
takeLink();
addEventListener("hashchange", () => (takeLink(), link && void open()));
// Signed in, or out, in another tab.
const tabs = new BroadcastChannel("comanda.session");
tabs.onmessage = ({ data }) => {
  const { state } = visit.peek();
  if (data === "in" && state === "out") void open();
  if (data !== "out" || state === "out") return;
  access = null;
  visit.value = { state: "out", why: null };
};

/** By what came with the address, or the session of the last visit. */
export async function open(): Promise<void> {
  visit.value = { state: "opening" };
  try {
    if (link) await openLink(link);
    else if (arrival) await openArrival(arrival);
    else await renew(null);
  } catch (error) {
    if (visit.peek().state === "opening") visit.value = { state: "away", error };
  }
}

async function openLink(secret: string): Promise<void> {
  try {
    await signIn({ case: "link", value: secret }, true);
    link = null;
  } catch (error) {
    if (reasonOf(error) !== "SIGN_IN_REFUSED") throw error;
    link = null;
    // Who opens a used link again may well be signed in already.
    await stayOut("link");
  }
}

/** A code is good once: whatever becomes of it, the next try begins at the provider. */
async function openArrival(came: Arrival): Promise<void> {
  arrival = null;
  if (came.as !== "code") return stayOut(came.as);
  const { code, trip } = came;
  const value = create(OidcProofSchema, { code, codeVerifier: trip.verifier, nonce: trip.nonce });
  try {
    await signIn({ case: "oidc", value });
    if (trip.shop !== SHOP) location.replace(shopLink(location.pathname, trip.shop));
  } catch (error) {
    const known: Readonly<Record<string, Why>> = { SIGN_IN_REFUSED: "refused", SIGN_IN_NO_ROLE: "noRole" };
    const why = metadataOf(error)["dependency"] === "oidc" ? "providerAway" : (known[reasonOf(error)] ?? null);
    visit.value = { state: "out", why, error };
  }
}

/** Unless the session of the last visit goes on. */
async function stayOut(why: Why): Promise<void> {
  if (await keptToken()) await renew(null);
  else visit.value = { state: "out", why };
}

export async function signIn(proof: SignInRequest["proof"], byLink = false): Promise<void> {
  await alone(async () => adopt((await identity.signIn({ proof })).session, byLink));
}

/** At once on this device; everywhere as soon as Identity hears of it. */
export function signOut(): Promise<void> {
  const headers = bearer(access ?? "");
  const leave = () => identity.signOut({}, { headers });
  untilAnswered(leave, { tries: TRIES, again: (error) => !lacksAccess(error) }).catch(() => undefined);
  return end(null);
}

/** The signed-in person's own entry has changed. */
export function rename(staff: Staff): void {
  visit.value = { state: "in", staff, byLink: false };
}

/** A call as whoever is signed in, with new tokens where the old ones have ended. */
export async function asMe<T>(call: (options: CallOptions) => Promise<T>): Promise<T> {
  const token = access ?? (await renew(null));
  try {
    return await call({ headers: bearer(token) });
  } catch (error) {
    if (ConnectError.from(error).code !== Code.Unauthenticated) throw error;
    return call({ headers: bearer(await renew(token)) });
  }
}

/** A token in place of `worn`, unless another call has it already. */
function renew(worn: string | null): Promise<string> {
  return alone(async () => {
    if (access && access !== worn) return access;
    const refreshToken = await keptToken();
    if (!refreshToken) {
      visit.value = { state: "out", why: null };
      throw new ConnectError("nobody is signed in", Code.Unauthenticated);
    }
    const ask = () => identity.refresh({ refreshToken });
    try {
      const { session } = await untilAnswered(ask, { tries: TRIES, again: (error) => !lacksAccess(error) });
      return await adopt(session, false);
    } catch (error) {
      if (lacksAccess(error)) await end("ended");
      throw error;
    }
  });
}

async function adopt(session: Session | undefined, byLink: boolean): Promise<string> {
  if (!session?.staff) throw new ConnectError("no session came", Code.DataLoss);
  access = session.accessToken;
  await keepToken(session.refreshToken);
  const before = visit.peek();
  visit.value = { state: "in", staff: session.staff, byLink: byLink || (before.state === "in" && before.byLink) };
  tabs.postMessage("in");
  return access;
}

async function end(why: Why | null): Promise<void> {
  access = null;
  visit.value = { state: "out", why };
  await keepToken(null);
  tabs.postMessage("out");
}
