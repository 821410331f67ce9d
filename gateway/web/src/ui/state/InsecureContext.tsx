// What a screen of the shop lacks where the browser does not call its address secure: by plain http from another machine.

import { useEffect } from "preact/hooks";
import { untilAnswered } from "../../lib/call/retry.ts";
import { askNetwork, network, trustPage } from "../../lib/network.ts";
import { staffText } from "../../lib/text/staff_text.ts";
import { Icon } from "../Icon.tsx";

export function InsecureContext() {
  return isSecureContext ? null : <Lacks />;
}

function Lacks() {
  useEffect(() => void untilAnswered(askNetwork).catch(() => undefined), []);
  const trust = trustPage(network.value);
  return (
    <p class="insecure">
      <Icon name="lock" />
      <span>
        {staffText.insecure.lacks} {trust && <a href={trust}>{staffText.insecure.mend}</a>}
      </span>
    </p>
  );
}
