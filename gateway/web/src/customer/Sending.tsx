// An order on its way: sent, or sent again because no answer came, or because the server asked to wait.

import { text } from "../lib/text.ts";
import { Countdown } from "../ui/Countdown.tsx";
import { giveUp, placing, tryNow } from "./place.ts";

export function Sending() {
  const now = placing.value;
  if (now.state === "waiting") return <Waiting until={now.until} />;
  const retrying = now.state === "retrying";
  return (
    <div class="sending" role="status">
      <p class="busy">{retrying ? text.checkout.retrying : text.checkout.sending}</p>
      {retrying && (
        <>
          <p>{text.checkout.retryingSafe}</p>
          <button type="button" class="primary" onClick={tryNow}>
            {text.action.tryNow}
          </button>
          <GiveUp />
        </>
      )}
    </div>
  );
}

/** Trying earlier would only be refused again, so no button offers it. */
function Waiting({ until }: { until: number }) {
  return (
    <div class="sending" role="status">
      <p class="busy">{text.connection.crowded}</p>
      <p>
        <Countdown until={until} />
      </p>
      <p>{text.checkout.retryingSafe}</p>
      <GiveUp />
    </div>
  );
}

function GiveUp() {
  return (
    <button type="button" class="quiet" onClick={() => confirm(text.checkout.giveUpWarning) && giveUp()}>
      {text.checkout.giveUp}
    </button>
  );
}
