// What was found, each with what to do about it. The server speaks both languages, so the sentences follow the switch.

import type { Finding, Sentence } from "../gen/comanda/mesh/v1/status_pb.ts";
import { language } from "../lib/text/language.ts";
import { staffText } from "../lib/text/staff_text.ts";
import { Icon } from "../ui/Icon.tsx";
import { ICONS, lookOf, worstFirst } from "./levels.ts";

export function Findings({ findings }: { findings: readonly Finding[] }) {
  if (!findings.length) return null;
  return (
    <ul class="findings" aria-label={staffText.status.findings}>
      {worstFirst(findings).map((finding) => {
        const look = lookOf(finding.level);
        const sentence = said(finding.sentence);
        return (
          <li key={`${finding.check} ${sentence}`} class={`finding look-${look}`}>
            <Icon name={ICONS[look]} />
            <div>
              <p>
                <b class="level">{staffText.status.levels[look]}</b> {sentence}
              </p>
              {finding.remedy && <p class="remedy">{commands(said(finding.remedy))}</p>}
            </div>
          </li>
        );
      })}
    </ul>
  );
}

function said(sentence: Sentence | undefined): string {
  return (language.value === "en" ? sentence?.english : sentence?.portuguese) ?? "";
}

/** What stands between backticks is something to type. */
function commands(words: string) {
  return words.split("`").map((part, at) => (at % 2 ? <code>{part}</code> : part));
}
