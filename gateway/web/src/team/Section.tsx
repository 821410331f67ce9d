// What stands where a list is: the list, that it comes, or that it did not.

import type { ComponentChildren } from "preact";
import { isUnreachable, supportCode } from "../lib/call/errors.ts";
import { Problem } from "../ui/access/Problem.tsx";
import { SupportCode } from "../ui/SupportCode.tsx";
import { StateMessage } from "../ui/state/StateMessage.tsx";
import { tell } from "./team_text.ts";
import type { Loaded } from "./useLoaded.ts";

interface Props<T> {
  of: Loaded<T>;
  loading: string;
  failed: string;
  draw(value: T): ComponentChildren;
}

export function Section<T>({ of: { value, error, reload }, loading, failed, draw }: Props<T>) {
  if (value === null && !error) return <StateMessage kind="loading" title={loading} />;
  const why = tell(error);
  if (value === null) {
    const kind = isUnreachable(error) ? "offline" : "error";
    return (
      <StateMessage kind={kind} title={failed} detail={why ?? undefined} onRetry={reload}>
        {kind === "error" && <SupportCode code={supportCode(error)} />}
      </StateMessage>
    );
  }
  return (
    <>
      <Problem why={why} />
      {draw(value)}
    </>
  );
}
