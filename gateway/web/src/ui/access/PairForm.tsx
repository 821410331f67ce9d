// Connects a screen of the shop: by the code that a manager's page shows, typed or come with the address, or by a link.

import { useEffect, useState } from "preact/hooks";
import type { Device } from "../../gen/comanda/identity/v1/identity_pb.ts";
import { isUnreachable } from "../../lib/call/errors.ts";
import { SHOP, shopLink } from "../../lib/shop.ts";
import type { Credential } from "../../lib/staff/credential.ts";
import { inHalves, ofTyped } from "../../lib/staff/given.ts";
import { explainAccess, identity } from "../../lib/staff/identity.ts";
import { staffText } from "../../lib/text/staff_text.ts";
import { Icon } from "../Icon.tsx";
import { TopBar } from "../TopBar.tsx";
import { Problem } from "./Problem.tsx";
import { useAttempt } from "./useAttempt.ts";

interface Props {
  title: string;
  credential: Credential;
  /** Why the credential held, if any, does not open this screen. */
  refused?: unknown;
  onPaired?: (device: Device) => void;
}

export function PairForm({ title, credential, refused, onPaired }: Props) {
  const came = credential.code.value;
  const [typed, setTyped] = useState("");
  const [malformed, setMalformed] = useState(false);
  const { busy, error, waitS, run, clear } = useAttempt();

  const pair = (code: string) => run(async () => {
    const { credential: token, device } = await identity.pairDevice({ code });
    if (device) onPaired?.(device);
    credential.keep(token);
    credential.code.value = null;
    // Elsewhere it would be let in nowhere.
    if (device?.shopId && device.shopId !== SHOP) location.replace(shopLink(location.pathname, device.shopId));
  });
  useEffect(() => {
    if (!came) return;
    setTyped(inHalves(came));
    pair(came);
  }, [came]);

  const submit = (event: Event) => {
    event.preventDefault();
    const given = ofTyped(typed);
    setMalformed(given === null || given.as === "link");
    if (given?.as === "code") return pair(given.secret);
    clear();
    if (given?.as !== "token") return;
    // The same token once more means: try it again now.
    if (credential.token.peek() === given.secret) location.reload();
    credential.keep(given.secret);
    credential.code.value = null;
  };

  const failed = error ?? (busy || malformed ? null : refused);
  const why = malformed ? staffText.access.malformed : failed ? tell(failed) : null;
  return (
    <>
      <TopBar title="Comanda" />
      <main>
        <form class="access-form" onSubmit={submit}>
          <span class="state-icon">
            <Icon name="lock" />
          </span>
          <h2>{title}</h2>
          <p>{staffText.access.explanation}</p>
          <label for="code">{staffText.access.code}</label>
          <input
            id="code"
            class="code-input"
            autocomplete="off"
            autocapitalize="characters"
            spellcheck={false}
            required
            placeholder="ABCD-2345"
            value={typed}
            aria-invalid={why !== null}
            aria-describedby={why ? "code-error" : undefined}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
          <Problem id="code-error" why={why} waitS={waitS} />
          <button class="primary" disabled={busy || waitS > 0}>
            {busy ? staffText.access.connecting : staffText.access.enter}
          </button>
          {came && credential.token.value && !busy && (
            <button type="button" onClick={() => (credential.code.value = null)}>
              {staffText.access.goOn}
            </button>
          )}
        </form>
      </main>
    </>
  );
}

/** A code is good once, so no answer may mean that it is used. */
function tell(error: unknown): string {
  return isUnreachable(error) ? staffText.access.unsure : explainAccess(error);
}
