import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOf, arrivalOf, base64url, cleaned, type Trip } from "./trip.ts";

const trip: Trip = { state: "s", nonce: "n", verifier: "v", shop: "main" };

test("the provider is asked for a code with PKCE, and what its address has is kept", () => {
  const provider = {
    authorizationEndpoint: "https://login.example/auth?tenant=cafe",
    clientId: "comanda",
    scopes: ["openid", "profile"],
    redirectUri: "https://cafe.example/equipe",
  };
  const asked = new URL(addressOf(provider, trip, "c"));
  assert.equal(asked.origin + asked.pathname, "https://login.example/auth");
  assert.deepEqual(Object.fromEntries(asked.searchParams), {
    tenant: "cafe",
    response_type: "code",
    client_id: "comanda",
    redirect_uri: "https://cafe.example/equipe",
    scope: "openid profile",
    state: "s",
    nonce: "n",
    code_challenge: "c",
    code_challenge_method: "S256",
  });
});

test("only who left from here arrives", () => {
  assert.equal(arrivalOf("?loja=norte", trip), null);
  assert.deepEqual(arrivalOf("?code=x&state=s", trip), { as: "code", code: "x", trip });
  assert.deepEqual(arrivalOf("?error=access_denied&state=s", trip), { as: "denied" });
  for (const search of ["?code=x&state=t", "?code=x", "?error=access_denied", "?code=x&state="]) {
    assert.deepEqual(arrivalOf(search, trip), { as: "foreign" }, search);
  }
  assert.deepEqual(arrivalOf("?code=x&state=s", null), { as: "foreign" });
});

test("the address keeps what is ours", () => {
  assert.equal(cleaned("?code=x&state=s&iss=https%3A%2F%2Flogin.example"), "");
  assert.equal(cleaned("?loja=norte&code=x&state=s"), "?loja=norte");
});

test("bytes are written as URLs have them", () => {
  assert.equal(base64url(new Uint8Array([251, 255, 254, 1])), "-__-AQ");
});
