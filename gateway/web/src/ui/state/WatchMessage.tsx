// What to show while a stream has not yet shown anything.

import { explain, isRateLimited, supportCode } from "../../lib/call/errors.ts";
import { text } from "../../lib/text/text.ts";
import type { Health } from "../../lib/call/watch.ts";
import { SupportCode } from "../SupportCode.tsx";
import { RateLimited } from "./RateLimited.tsx";
import { StateMessage } from "./StateMessage.tsx";

export function WatchMessage({ health, loading, onRetry }: { health: Health; loading: string; onRetry(): void }) {
  if (health.state !== "lost") return <StateMessage kind="loading" title={loading} />;
  if (health.held) {
    return <StateMessage kind="error" title={text.connection.held} detail={text.connection.heldDetail} onRetry={onRetry} />;
  }
  if (isRateLimited(health.error)) return <RateLimited error={health.error} />;
  return health.error ? (
    <StateMessage kind="error" title={text.connection.failed} detail={explain(health.error)} onRetry={onRetry}>
      <SupportCode code={supportCode(health.error)} />
    </StateMessage>
  ) : (
    <StateMessage kind="offline" title={text.connection.offline} detail={text.connection.offlineDetail} onRetry={onRetry} />
  );
}
