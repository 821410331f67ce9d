// What stands where the menu would be while there is none.

import { explain, isRateLimited, supportCode } from "../../lib/call/errors.ts";
import { menuHealth, tryMenuNow } from "../../lib/menu/menu.ts";
import { text } from "../../lib/text/text.ts";
import { SupportCode } from "../SupportCode.tsx";
import { RateLimited } from "./RateLimited.tsx";
import { StateMessage } from "./StateMessage.tsx";
import { UnknownShop } from "./UnknownShop.tsx";

export function NoMenu() {
  const health = menuHealth.value;
  switch (health.state) {
    case "unknownShop":
      return <UnknownShop />;
    case "offline":
      return (
        <StateMessage
          kind="offline"
          title={text.connection.offline}
          detail={text.connection.offlineDetail}
          onRetry={tryMenuNow}
        />
      );
    case "held":
      return (
        <StateMessage kind="error" title={text.connection.held} detail={text.connection.heldDetail} onRetry={tryMenuNow} />
      );
    case "failed":
      if (isRateLimited(health.error)) return <RateLimited error={health.error} />;
      return (
        <StateMessage kind="error" title={text.menu.failed} detail={explain(health.error)} onRetry={tryMenuNow}>
          <SupportCode code={supportCode(health.error)} />
        </StateMessage>
      );
    default:
      return <StateMessage kind="loading" title={text.menu.loading} />;
  }
}
