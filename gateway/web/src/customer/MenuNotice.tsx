// How far the menu can be trusted, above it; and what stands in its place while there is none.

import type { Menu } from "../gen/comanda/catalog/v1/menu_pb.ts";
import { hourAndMinute } from "../lib/clock.ts";
import { explain } from "../lib/errors.ts";
import { menuHealth, menuTime, tryMenuNow } from "../lib/menu.ts";
import { text } from "../lib/text.ts";
import { Icon } from "../ui/Icon.tsx";
import { StateMessage } from "../ui/StateMessage.tsx";

export function MenuNotice({ menu }: { menu: Menu }) {
  const { state } = menuHealth.value;
  if (state === "current" || state === "loading") return null;
  const offline = state === "offline";
  const time = hourAndMinute(menuTime.value || Date.now(), menu.timeZone);
  return (
    <p class={offline ? "banner banner-offline" : "banner"} role="status">
      <Icon name={offline ? "offline" : "clock"} />
      <span>{offline ? text.menu.offline(time) : text.menu.stale(time)}</span>
      <button type="button" class="quiet" onClick={tryMenuNow}>
        {text.action.tryNow}
      </button>
    </p>
  );
}

export function MenuPlaceholder() {
  const health = menuHealth.value;
  return (
    <main class="menu-placeholder">
      {health.state === "offline" ? (
        <StateMessage
          kind="offline"
          title={text.connection.offline}
          detail={text.connection.offlineDetail}
          onRetry={tryMenuNow}
        />
      ) : health.state === "failed" ? (
        <StateMessage kind="error" title={text.menu.failed} detail={explain(health.error)} onRetry={tryMenuNow} />
      ) : (
        <StateMessage kind="loading" title={text.menu.loading} />
      )}
    </main>
  );
}
