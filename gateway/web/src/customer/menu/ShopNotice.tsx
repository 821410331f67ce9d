// That the shop takes no orders now, and why. It tells by itself when that changes.

import { text } from "../../lib/text/text.ts";
import { Icon } from "../../ui/Icon.tsx";
import { openingWords, pauseWords } from "./shop_status.ts";

export function ShopNotice() {
  const hours = openingWords();
  const paused = pauseWords();
  const why = paused ?? (hours && !hours.open ? hours.words : null);
  return (
    <div class="shop-notice" role="status">
      {why && (
        <p class="banner">
          <Icon name={paused ? "pause" : "clock"} />
          <span>
            {why} {text.opening.browse}
          </span>
        </p>
      )}
    </div>
  );
}
