// What was handed over today, and the way back onto the board.

import { useState } from "preact/hooks";
import { hourAndMinute } from "../../lib/time/clock.ts";
import { menu } from "../../lib/menu/menu.ts";
import { ofToday } from "../../lib/time/hours.ts";
import { serverMinute } from "../../lib/time/server_time.ts";
import { staffText } from "../../lib/text/staff_text.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { StateMessage } from "../../ui/state/StateMessage.tsx";
import type { Actions } from "../actions.ts";
import { ReasonForm } from "../ReasonForm.tsx";
import { recent } from "./recent.ts";
import type { Recent } from "./stored.ts";

export function RecentDialog({ actions, onClose }: { actions: Actions; onClose(): void }) {
  const [chosen, setChosen] = useState<Recent | null>(null);
  const shop = menu.value;
  const isOnBoard = ({ orderId }: Recent) => actions.tickets.value?.some((ticket) => ticket.orderId === orderId);
  const all = shop ? ofToday(recent.value, serverMinute.value, shop).filter((one) => !isOnBoard(one)) : [];
  if (chosen) {
    const reopen = (reason: string) => {
      const { orderId, number, revision } = chosen;
      actions.reopen({ orderId, number: BigInt(number), revision: BigInt(revision) }, reason);
      onClose();
    };
    return (
      <Dialog title={staffText.recent.question(chosen.number)} onClose={onClose}>
        <ReasonForm
          explanation={staffText.recent.explanation}
          reasons={staffText.recent.reasons}
          yes={staffText.recent.reopen}
          onReason={reopen}
          onBack={() => setChosen(null)}
        />
      </Dialog>
    );
  }
  return (
    <Dialog title={staffText.recent.title} onClose={onClose}>
      {all.length === 0 && <StateMessage kind="empty" title={staffText.recent.none} detail={staffText.recent.noneDetail} />}
      <ul class="recent">
        {all.map((one) => (
          <li key={one.orderId}>
            <b>{one.number}</b>
            <bdi>{one.name}</bdi>
            <span class="soft">{hourAndMinute(one.atMs)}</span>
            {actions.waiting.value.has(one.orderId) ? (
              <span class="waits">{staffText.board.waits}</span>
            ) : (
              <button type="button" onClick={() => setChosen(one)}>
                {staffText.recent.reopen}
                <span class="hidden"> {staffText.board.ofOrder(one.number)}</span>
              </button>
            )}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
