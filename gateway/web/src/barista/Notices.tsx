// What could not be done, until somebody has read it. It takes room of its own and covers nothing.

import { text } from "../lib/text/text.ts";
import { Icon } from "../ui/Icon.tsx";
import { useAwake } from "./board/useHeld.ts";

interface Problem {
  id: string;
  text: string;
}

interface Props {
  /** Above the problems; nothing while undefined. */
  note?: string | undefined;
  problems: readonly Problem[];
  onDismiss(id: string): void;
}

export function Notices({ note, problems, onDismiss }: Props) {
  return (
    <div class="notices" role="status">
      {note && (
        <p class="toast">
          <Icon name="hourglass" />
          <span>{note}</span>
        </p>
      )}
      {problems.map((problem) => (
        <ProblemNotice key={problem.id} problem={problem} onDismiss={onDismiss} />
      ))}
    </div>
  );
}

function ProblemNotice({ problem, onDismiss }: { problem: Problem; onDismiss: Props["onDismiss"] }) {
  const awake = useAwake();
  return (
    <div class="toast toast-problem">
      <Icon name="alert" />
      <span>{problem.text}</span>
      <button type="button" disabled={!awake} onClick={() => onDismiss(problem.id)}>
        {text.action.dismiss}
      </button>
    </div>
  );
}
