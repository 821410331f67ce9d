// Whether the shop takes orders: its hours, or a pause.

import { text } from "../../lib/text/text.ts";
import { Icon } from "../../ui/Icon.tsx";
import { openingWords, pauseWords } from "./shop_status.ts";

export function ShopNotice() {
  const hours = openingWords();
  const paused = pauseWords();
  return (
    <div class="shop-notice" role="status">
      {paused ? (
        <p class="banner">
          <Icon name="pause" />
          <span>
            {paused} {text.opening.browse}
          </span>
        </p>
      ) : hours && !hours.open ? (
        <p class="banner">
          <Icon name="clock" />
          <span>
            {hours.words} {text.opening.browse}
          </span>
        </p>
      ) : (
        hours && (
          <p class="tag">
            <Icon name="clock" />
            {hours.words}
          </p>
        )
      )}
    </div>
  );
}
