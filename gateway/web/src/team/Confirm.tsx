// Asks before what cannot be taken back, and does it.

import { Problem } from "../ui/access/Problem.tsx";
import { useAttempt } from "../ui/access/useAttempt.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { text } from "../lib/text/text.ts";
import { tell } from "./team_text.ts";

interface Props {
  question: string;
  explanation: string;
  yes: string;
  act(): Promise<unknown>;
  onClose(): void;
  onDone(): void;
}

export function Confirm({ question, explanation, yes, act, onClose, onDone }: Props) {
  const { busy, error, waitS, run } = useAttempt();
  const confirmed = async () => {
    await act();
    onDone();
  };
  return (
    <Dialog title={question} onClose={onClose}>
      <p>{explanation}</p>
      <Problem why={tell(error)} waitS={waitS} />
      <div class="choices">
        <button type="button" onClick={onClose}>
          {text.action.back}
        </button>
        <button type="button" class="danger" disabled={busy || waitS > 0} onClick={() => run(confirmed)}>
          {yes}
        </button>
      </div>
    </Dialog>
  );
}
