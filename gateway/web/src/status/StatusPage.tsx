// The page: one sentence for all of it, then each finding, then who was asked.

import { Level, type GetStatusResponse } from "../gen/comanda/mesh/v1/status_pb.ts";
import { explain, isUnreachable, supportCode } from "../lib/call/errors.ts";
import { hourAndMinute } from "../lib/time/clock.ts";
import { shopOffsets } from "../lib/time/zone.ts";
import { staffText } from "../lib/text/staff_text.ts";
import { text } from "../lib/text/text.ts";
import { Icon } from "../ui/Icon.tsx";
import { SupportCode } from "../ui/SupportCode.tsx";
import { StateMessage } from "../ui/state/StateMessage.tsx";
import { TopBar } from "../ui/TopBar.tsx";
import { Findings } from "./Findings.tsx";
import type { Failure } from "./status_page.ts";
import { ICONS, overall } from "./levels.ts";
import { ProcessCard } from "./ProcessCard.tsx";

const UTC = [{ seconds: 0 }];

interface Props {
  status: GetStatusResponse | null;
  failure: Failure | null;
  onRetry: () => void;
}

export function StatusPage({ status, failure, onRetry }: Props) {
  return (
    <>
      <TopBar title={staffText.status.title} />
      <main class="status">
        {status ? (
          <Told status={status} failure={failure} />
        ) : failure ? (
          <NotTold failure={failure} onRetry={onRetry} />
        ) : (
          <StateMessage kind="loading" title={staffText.status.loading} />
        )}
      </main>
    </>
  );
}

function NotTold({ failure, onRetry }: { failure: Failure; onRetry: () => void }) {
  const offline = isUnreachable(failure.error);
  return (
    <StateMessage
      kind={offline ? "offline" : "error"}
      title={offline ? text.connection.offline : text.connection.failed}
      detail={offline ? `${staffText.status.away} ${staffText.status.help}` : explain(failure.error)}
      onRetry={onRetry}
    >
      {!offline && <SupportCode code={supportCode(failure.error)} />}
    </StateMessage>
  );
}

/** What was found before the gateway went away says nothing of now: then only that it is away stands at the head. */
function Told({ status, failure }: { status: GetStatusResponse; failure: Failure | null }) {
  const look = overall(status.findings);
  return (
    <>
      {failure ? (
        <>
          <p class="overall look-alarm" role="alert">
            <Icon name="offline" />
            {isUnreachable(failure.error)
              ? staffText.status.awaySince(clockTime(failure.since))
              : staffText.status.failedSince(clockTime(failure.since))}
          </p>
          <p>{isUnreachable(failure.error) ? staffText.status.help : explain(failure.error)}</p>
        </>
      ) : (
        <p class={`overall look-${look}`} role="status">
          <Icon name={ICONS[look]} />
          {staffText.status.overall[look]}
        </p>
      )}
      <section class={failure ? "is-stale" : ""}>
        {failure && <h2>{staffText.status.before}</h2>}
        <Findings findings={status.findings.filter(({ level }) => level > Level.GOOD)} />
        {/* A shop that is well needs no more than the sentence above. */}
        <details open={look !== "good"}>
          <summary>{staffText.status.details}</summary>
          <Findings findings={status.findings.filter(({ level }) => level <= Level.GOOD)} />
          <h2>{staffText.status.processes}</h2>
          <ul class="processes">
            {status.processes.map((process) => (
              <ProcessCard key={process.processId} process={process} />
            ))}
          </ul>
        </details>
      </section>
    </>
  );
}

/** By the shop's clock; in Greenwich's time, and saying so, while that is not known. */
function clockTime(ms: number): string {
  return shopOffsets.value.length ? hourAndMinute(ms) : `${hourAndMinute(ms, UTC)} UTC`;
}
