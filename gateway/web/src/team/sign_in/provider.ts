// Sends people to the OpenID Connect provider of the shop, and takes in who comes back. State, nonce and the verifier of
// PKCE stay in this tab; the code leaves the address bar and the history at once.

import type { OidcProvider } from "../../gen/comanda/identity/v1/identity_service_pb.ts";
import { untilAnswered } from "../../lib/call/retry.ts";
import { SHOP } from "../../lib/shop.ts";
import { identity } from "../../lib/staff/identity.ts";
import { addressOf, arrivalOf, base64url, cleaned, type Arrival, type Trip } from "./trip.ts";

const KEY = "comanda.oidc";
const BYTES = 32;

/** The provider, where there is one. */
export async function askProvider(): Promise<OidcProvider | null> {
  const ask = () => identity.getSignInOptions({});
  return (await untilAnswered(ask, { tries: 3 })).oidc ?? null;
}

/** Leaves the page; false when the provider does not answer. */
export async function leaveFor(known: OidcProvider): Promise<boolean> {
  const provider = known.authorizationEndpoint ? known : await askProvider();
  if (!provider?.authorizationEndpoint) return false;
  if (new URL(provider.redirectUri).origin !== location.origin) {
    // Who comes back finds nothing there of what this page would keep.
    location.assign(provider.redirectUri);
    return true;
  }
  const trip: Trip = { state: random(), nonce: random(), verifier: random(), shop: SHOP };
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(trip.verifier));
  sessionStorage.setItem(KEY, JSON.stringify(trip));
  location.assign(addressOf(provider, trip, base64url(new Uint8Array(hash))));
  return true;
}

/** Who came back with this address, if anybody did; nobody does so twice. */
export function takeArrival(): Arrival | null {
  const arrival = arrivalOf(location.search, keptTrip());
  if (!arrival) return null;
  sessionStorage.removeItem(KEY);
  history.replaceState(null, "", location.pathname + cleaned(location.search) + location.hash);
  return arrival;
}

function keptTrip(): Trip | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "null") as Trip | null;
  } catch {
    return null;
  }
}

function random(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(BYTES)));
}
