// The way to an OpenID Connect provider and back: what goes with somebody, and what comes back. Pure.

/** Kept in this tab until somebody is back; nothing of it is sent but the state, the nonce and the verifier's hash. */
export interface Trip {
  state: string;
  nonce: string;
  verifier: string;
  /** Whose page it was. */
  shop: string;
}

export interface Provider {
  authorizationEndpoint: string;
  clientId: string;
  scopes: readonly string[];
  redirectUri: string;
}

export type Arrival =
  | { as: "code"; code: string; trip: Trip }
  /** `foreign`: this tab did not ask for it. `denied`: the person or the provider said no. */
  | { as: "foreign" | "denied" };

/** Where to send people. */
export function addressOf(provider: Provider, trip: Trip, challenge: string): string {
  const address = new URL(provider.authorizationEndpoint);
  const asked = {
    response_type: "code",
    client_id: provider.clientId,
    redirect_uri: provider.redirectUri,
    scope: provider.scopes.join(" "),
    state: trip.state,
    nonce: trip.nonce,
    code_challenge: challenge,
    code_challenge_method: "S256",
  };
  for (const [name, value] of Object.entries(asked)) address.searchParams.set(name, value);
  return address.href;
}

/** What the address says of who comes back; null when nobody does. */
export function arrivalOf(search: string, trip: Trip | null): Arrival | null {
  const came = new URLSearchParams(search);
  const [code, error] = [came.get("code"), came.get("error")];
  if (!code && !error) return null;
  if (!trip || came.get("state") !== trip.state) return { as: "foreign" };
  return code ? { as: "code", code, trip } : { as: "denied" };
}

/** The address without what a provider adds to it. */
export function cleaned(search: string): string {
  const left = new URLSearchParams(search);
  for (const name of ["code", "state", "iss", "session_state", "error", "error_description", "error_uri"]) left.delete(name);
  return left.size > 0 ? `?${left}` : "";
}

/** As URLs have it. */
export function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
