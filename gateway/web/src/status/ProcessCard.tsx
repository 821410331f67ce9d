// One process: what runs in it, on what, how busy it is, and what it warned of.

import { timestampMs, type Timestamp } from "@bufbuild/protobuf/wkt";
import type { Process, Role } from "../gen/comanda/mesh/v1/status_pb.ts";
import { staffText } from "../lib/text/staff_text.ts";
import { text } from "../lib/text/text.ts";

export function ProcessCard({ process }: { process: Process }) {
  const texts = staffText.status;
  const { callsPerSecond = 0, errorsPerSecond = 0 } = process.rates ?? {};
  return (
    <li class="process">
      <h3>{process.roles.map(({ name }) => name).join(" · ")}</h3>
      <p class="soft">{texts.since(process.version, process.host, moment(process.startTime))}</p>
      {process.timeZoneDatabase && <p class="soft">{texts.zones(process.timeZoneDatabase)}</p>}
      <dl>
        <Fact name={texts.calls} value={number(callsPerSecond)} />
        <Fact name={texts.errors} value={number(errorsPerSecond)} />
        <Fact name={texts.streams} value={number(process.openStreams)} />
      </dl>
      {process.roles.map((role) => (
        <RoleFacts key={role.name} role={role} />
      ))}
      {process.certificates.map(({ name, expireTime }) => (
        <p key={name} class="soft">{texts.certificate(name, moment(expireTime))}</p>
      ))}
      {process.recentErrors.length > 0 && (
        <details>
          <summary>{texts.recentErrors(process.recentErrors.length)}</summary>
          <ol>
            {process.recentErrors.map(({ logTime, level, target, text: line, times }) => (
              <li key={`${target} ${line} ${logTime?.seconds}`}>
                <b>{level}</b> {moment(logTime)} <span class="soft">{target}</span> {line}
                {times > 1 && ` (${times}×)`}
              </li>
            ))}
          </ol>
        </details>
      )}
    </li>
  );
}

/** What a role stores on and what waits there, in a line; nothing for one that has neither. */
function RoleFacts({ role }: { role: Role }) {
  const texts = staffText.status;
  const { database, backlog, readyEstimates } = role;
  const parts = [
    database && `${database.product} ${database.version.split(" ")[0]}`,
    database && texts.schema(database.databaseSchema || "?"),
    ...role.servers.map(({ product, version }) => `${product} ${version}`.trim()),
    backlog && texts.waiting(backlog.outboxEvents),
    backlog && backlog.deadLetters > 0 && texts.dead(backlog.deadLetters),
    readyEstimates && texts.estimates(readyEstimates.kept, readyEstimates.said),
  ].filter((part) => typeof part === "string");
  if (!parts.length) return null;
  return (
    <p class="facts">
      <b>{role.name}</b> {parts.join(" · ")}
    </p>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

const number = (value: number) => new Intl.NumberFormat(text.locale, { maximumFractionDigits: 1 }).format(value);

function moment(time: Timestamp | undefined): string {
  if (!time) return "?";
  // As logs have it: who looks after a shop may be anywhere.
  const format = { dateStyle: "short", timeStyle: "medium", timeZone: "UTC" } as const;
  return `${new Intl.DateTimeFormat(text.locale, format).format(timestampMs(time))} UTC`;
}
