// Makes the tablet forget its credential, after asking: it takes a new code to come back.

import { useState } from "preact/hooks";
import { staffText } from "../../lib/text/staff_text.ts";
import { text } from "../../lib/text/text.ts";
import { credential, leave, me } from "./person.ts";

export function Disconnect() {
  const [asking, setAsking] = useState(false);
  const forget = () => {
    leave();
    me.value = null;
    credential.forget();
  };
  if (!asking) {
    return (
      <button type="button" class="quiet" onClick={() => setAsking(true)}>
        {staffText.person.disconnect}
      </button>
    );
  }
  return (
    <div role="group" aria-labelledby="disconnect">
      <p id="disconnect">{staffText.person.disconnectQuestion}</p>
      <div class="choices">
        <button type="button" onClick={() => setAsking(false)}>
          {text.action.back}
        </button>
        <button type="button" class="danger" onClick={forget}>
          {staffText.person.disconnectYes}
        </button>
      </div>
    </div>
  );
}
