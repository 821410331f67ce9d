// How long an order would take, in words. Pure but for the language.

import { durationMs, type Duration } from "@bufbuild/protobuf/wkt";
import { text } from "../../lib/text/text.ts";

interface Quoted {
  earliestWait?: Duration | undefined;
  latestWait?: Duration | undefined;
}

/** In whole minutes, rounded up: nobody is promised less than it takes. Null where the server has no word on it. */
export function waitWords({ earliestWait, latestWait }: Quoted): string | null {
  if (!earliestWait || !latestWait) return null;
  const [from, to] = [earliestWait, latestWait].map((wait) => Math.max(1, Math.ceil(durationMs(wait) / 60_000)));
  return text.opening.readyIn(from!, to!);
}
