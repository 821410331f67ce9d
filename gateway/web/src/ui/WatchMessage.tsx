// What to show while a stream has not yet shown anything.

import { explain } from "../lib/errors.ts";
import { text } from "../lib/text.ts";
import type { Health } from "../lib/watch.ts";
import { StateMessage } from "./StateMessage.tsx";

export function WatchMessage({ health, loading, onRetry }: { health: Health; loading: string; onRetry(): void }) {
  if (health.state !== "lost") return <StateMessage kind="loading" title={loading} />;
  return health.error ? (
    <StateMessage kind="error" title={text.connection.failed} detail={explain(health.error)} onRetry={onRetry} />
  ) : (
    <StateMessage kind="offline" title={text.connection.offline} detail={text.connection.offlineDetail} onRetry={onRetry} />
  );
}
