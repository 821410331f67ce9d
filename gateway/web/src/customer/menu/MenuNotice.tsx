// How far the menu can be trusted, above it; and what stands in its place while there is none.

import { hourAndMinute } from "../../lib/time/clock.ts";
import { menuHealth, menuTime, tryMenuNow } from "../../lib/menu/menu.ts";
import type { Menu } from "../../lib/menu/resolve.ts";
import { text } from "../../lib/text/text.ts";
import { serverNow } from "../../lib/time/server_time.ts";
import { Icon } from "../../ui/Icon.tsx";
import { NoMenu } from "../../ui/state/NoMenu.tsx";

export function MenuNotice({ menu }: { menu: Menu }) {
  const { state } = menuHealth.value;
  if (state === "current" || state === "loading" || state === "unknownShop") return null;
  const offline = state === "offline";
  const time = hourAndMinute(menuTime.value || serverNow(), menu.utcOffsets);
  return (
    <p class={offline ? "banner banner-offline" : "banner"} role="status">
      <Icon name={offline ? "offline" : "clock"} />
      <span>{state === "held" ? text.connection.heldDetail : offline ? text.menu.offline(time) : text.menu.stale(time)}</span>
      <button type="button" class="quiet" onClick={tryMenuNow}>
        {text.action.tryNow}
      </button>
    </p>
  );
}

export function MenuPlaceholder() {
  return (
    <main class="menu-placeholder">
      <NoMenu />
    </main>
  );
}
