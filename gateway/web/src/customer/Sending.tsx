// An order on its way: sent, or sent again because no answer came.

import { text } from "../lib/text.ts";
import { giveUp, placing, tryNow } from "./place.ts";

export function Sending() {
  const retrying = placing.value.state === "retrying";
  return (
    <div class="sending" role="status">
      <p class="busy">{retrying ? text.checkout.retrying : text.checkout.sending}</p>
      {retrying && (
        <>
          <p>{text.checkout.retryingSafe}</p>
          <button type="button" class="primary" onClick={tryNow}>
            {text.action.tryNow}
          </button>
          <button type="button" class="quiet" onClick={() => confirm(text.checkout.giveUpWarning) && giveUp()}>
            {text.checkout.giveUp}
          </button>
        </>
      )}
    </div>
  );
}
