// What could not be done, until somebody has read it. It takes room of its own and covers nothing.

import { text } from "../lib/text/text.ts";
import { Icon } from "../ui/Icon.tsx";

interface Props {
  /** Above the problems; nothing while undefined. */
  note?: string | undefined;
  problems: readonly { id: string; text: string }[];
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
        <div key={problem.id} class="toast toast-problem">
          <Icon name="alert" />
          <span>{problem.text}</span>
          <button type="button" onClick={() => onDismiss(problem.id)}>
            {text.action.dismiss}
          </button>
        </div>
      ))}
    </div>
  );
}
