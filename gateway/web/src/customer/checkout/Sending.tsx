// An order on its way: sent, or sent again because no answer came, or because the server asked to wait.

import type { ComponentChildren } from "preact";
import { text } from "../../lib/text/text.ts";
import { Countdown } from "../../ui/state/Countdown.tsx";
import { giveUp, tryNow } from "./place.ts";
import { placing } from "./placing.ts";

export function Sending() {
  const now = placing.value;
  if (now.state !== "retrying") return <Busy words={text.checkout.sending} />;
  return (
    <Busy words={now.until ? text.reasons.RATE_LIMITED : text.checkout.retrying}>
      <p>{text.checkout.retryingSafe}</p>
      {/* Trying before the time would only be refused again. */}
      {now.until ? (
        <Countdown until={now.until} />
      ) : (
        <button type="button" class="primary" onClick={tryNow}>
          {text.action.tryNow}
        </button>
      )}
      <button type="button" class="quiet" onClick={() => confirm(text.checkout.giveUpWarning) && giveUp()}>
        {text.checkout.giveUp}
      </button>
    </Busy>
  );
}

function Busy({ words, children }: { words: string; children?: ComponentChildren }) {
  return (
    <div class="sending" role="status">
      <p class="busy">{words}</p>
      {children}
    </div>
  );
}
