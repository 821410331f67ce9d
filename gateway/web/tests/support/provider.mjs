// A real OpenID Connect provider, in a process of its own: `node provider.mjs PORT REDIRECT_URI`, with one client, which has
// a secret where CLIENT_SECRET is set. Whoever types a login is that person; the groups are in ACCOUNTS. Each start makes new
// keys. It says when it is ready, and ends with its parent.

import { generateKeyPairSync, randomUUID } from "node:crypto";
import { Provider } from "oidc-provider";

const [port, redirectUri] = process.argv.slice(2);
const SECRET = process.env.CLIENT_SECRET;

const ACCOUNTS = {
  ana: { name: "Ana Lúcia", groups: ["gerentes", "todos"] },
  bia: { name: "Bia", groups: ["todos"] },
};

const key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });
const known = SECRET
  ? { client_secret: SECRET, token_endpoint_auth_method: "client_secret_basic" }
  : { token_endpoint_auth_method: "none" };
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ ...known, client_id: "comanda", redirect_uris: [redirectUri] }],
  jwks: { keys: [{ ...key, kid: randomUUID(), use: "sig", alg: "RS256" }] },
  cookies: { keys: [randomUUID()] },
  scopes: ["openid", "groups"],
  claims: { openid: ["sub"], profile: ["name", "preferred_username"], groups: ["groups"] },
  // The claims stand in the ID token, and not at another address.
  conformIdTokenClaims: false,
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, preferred_username: id, ...ACCOUNTS[id] }) }),
});

const server = provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
server.on("error", (error) => {
  console.error(error);
  process.exit(1);
});
process.stdin.resume().on("end", () => process.exit());
