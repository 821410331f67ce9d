// Why a tap was refused: who was first, if that is why, else what the server says.

import { explain, metadataOf, reasonOf } from "../../lib/call/errors.ts";
import { isolated } from "../../lib/text/foreign.ts";
import { boardText } from "../../lib/text/board_text.ts";

export function explainTap(error: unknown): string {
  return whoWasFirst(error) || explain(error);
}

/** Empty when that is not why, or nobody knows who. */
function whoWasFirst(error: unknown): string {
  const { person, state } = metadataOf(error);
  if (reasonOf(error) !== "REVISION_MISMATCH" || !person) return "";
  const words: Readonly<Record<string, (person: string) => string>> = boardText.board.first;
  return words[state ?? ""]?.(isolated(person)) ?? "";
}
