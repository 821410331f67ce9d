// What concerned security in the shop, latest first, a part at a time.

import { useEffect, useState } from "preact/hooks";
import type { SecurityEvent } from "../../gen/comanda/identity/v1/identity_pb.ts";
import { SHOP } from "../../lib/shop.ts";
import { identity } from "../../lib/staff/identity.ts";
import { useAttempt } from "../../ui/access/useAttempt.ts";
import { StateMessage } from "../../ui/state/StateMessage.tsx";
import { Section } from "../Section.tsx";
import { asMe } from "../session.ts";
import { teamText } from "../team_text.ts";
import { EventRow } from "./EventRow.tsx";

export function SecurityLog() {
  const [events, setEvents] = useState<readonly SecurityEvent[] | null>(null);
  const [pageToken, setPageToken] = useState("");
  const { busy, error, run } = useAttempt();
  const load = () => run(async () => {
    const part = await asMe((options) => identity.listSecurityEvents({ shopId: SHOP, pageToken }, options));
    setEvents([...(events ?? []), ...part.events]);
    setPageToken(part.nextPageToken);
  });
  useEffect(load, []);
  return (
    <section aria-labelledby="log">
      <header class="team-head">
        <h2 id="log">{teamText.sections.log}</h2>
      </header>
      <Section
        of={{ value: events, error, reload: load }}
        loading={teamText.log.loading}
        failed={teamText.log.failed}
        draw={(events) => (
          <>
            <p class="soft">{teamText.log.explanation}</p>
            {events.length === 0 && <StateMessage kind="empty" title={teamText.log.none} />}
            <ol class="log">
              {events.map((event, at) => (
                <EventRow key={at} event={event} />
              ))}
            </ol>
          </>
        )}
      />
      {pageToken && (
        <button type="button" class="log-more" disabled={busy} onClick={load}>
          {teamText.log.more}
        </button>
      )}
    </section>
  );
}
