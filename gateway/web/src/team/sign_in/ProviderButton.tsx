// The other way in, where the shop has an OpenID Connect provider.

import { useEffect, useState } from "preact/hooks";
import type { OidcProvider } from "../../gen/comanda/identity/v1/identity_service_pb.ts";
import { isolated } from "../../lib/text/foreign.ts";
import { Problem } from "../../ui/access/Problem.tsx";
import { useAttempt } from "../../ui/access/useAttempt.ts";
import { Icon } from "../../ui/Icon.tsx";
import { teamText, tell } from "../team_text.ts";
import { askProvider, leaveFor } from "./provider.ts";

export function ProviderButton() {
  const [provider, setProvider] = useState<OidcProvider | null>(null);
  const [away, setAway] = useState(false);
  const { busy, error, waitS, run } = useAttempt();
  // Without an answer there is one way in less, and the form says all the same.
  useEffect(() => void askProvider().then(setProvider, () => undefined), []);
  if (!provider) return null;
  const go = () => run(async () => setAway(!(await leaveFor(provider))));
  return (
    <>
      <button type="button" disabled={busy || waitS > 0} onClick={go}>
        <Icon name="lock" />
        {teamText.signIn.enterBy(isolated(provider.name))}
      </button>
      <Problem why={error ? tell(error) : away && !busy ? teamText.signIn.why.providerAway : null} waitS={waitS} />
    </>
  );
}
