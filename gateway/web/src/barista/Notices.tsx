// What could not be done, until somebody has read it. It takes room of its own and covers nothing.

import { text } from "../lib/text/text.ts";
import { Icon } from "../ui/Icon.tsx";
import { SupportCode } from "../ui/SupportCode.tsx";
import { useAwake } from "./board/useHeld.ts";

interface Problem {
  id: string;
  text: string;
  /** Of the trace in which it failed. */
  code?: string | undefined;
}

interface Props {
  /** Above the problems; nothing while undefined. */
  note?: string | undefined;
  problems: readonly Problem[];
  /** Work goes on without it. */
  isMild?: boolean;
  onDismiss(id: string): void;
}

export function Notices({ note, problems, isMild = false, onDismiss }: Props) {
  return (
    <div class="notices" role="status">
      {note && (
        <p class="toast">
          <Icon name="hourglass" />
          <span>{note}</span>
        </p>
      )}
      {problems.map((problem) => (
        <ProblemNotice key={problem.id} problem={problem} isMild={isMild} onDismiss={onDismiss} />
      ))}
    </div>
  );
}

type NoticeProps = Pick<Props, "onDismiss"> & { problem: Problem; isMild: boolean };

function ProblemNotice({ problem, isMild, onDismiss }: NoticeProps) {
  const awake = useAwake();
  return (
    <div class={isMild ? "toast" : "toast toast-problem"}>
      <Icon name="alert" />
      <span>{problem.text}</span>
      <SupportCode code={problem.code} />
      <button type="button" disabled={!awake} onClick={() => onDismiss(problem.id)}>
        {text.action.dismiss}
      </button>
    </div>
  );
}
