// How many tickets there are of each kind, for whoever only glances.

import type { Ticket } from "../../gen/comanda/kitchen/v1/ticket_pb.ts";
import { OrderState } from "../../gen/comanda/type/v1/order_state_pb.ts";
import { seconds, type ServerClock } from "../../lib/time/clock.ts";
import { stateName } from "../../lib/text/states.ts";
import { boardText } from "../../lib/text/board_text.ts";
import { Icon, type IconName } from "../../ui/Icon.tsx";
import { urgencyOf } from "../ticket/urgency.ts";

const KINDS: readonly [OrderState, IconName][] = [
  [OrderState.RECEIVED, "receipt"],
  [OrderState.PREPARING, "cup"],
  [OrderState.READY, "bell"],
];

interface Props {
  tickets: readonly Ticket[];
  clock: ServerClock;
  /** For a new ticket, whose card may be out of sight. */
  glows: boolean;
}

export function Counters({ tickets, clock, glows }: Props) {
  return (
    <ul class="counters">
      {KINDS.map(([state, icon]) => (
        <Counter key={state} kind={`state-${state}${glows && state === OrderState.RECEIVED ? " glow-new" : ""}`} icon={icon} words={stateName(state)} count={tickets.filter((one) => one.state === state).length} />
      ))}
      <Late tickets={tickets} clock={clock} />
    </ul>
  );
}

/** Apart, since it reads the clock. */
function Late({ tickets, clock }: Omit<Props, "glows">) {
  const now = clock.at(seconds.value);
  const count = tickets.filter((ticket) => urgencyOf(ticket, now).level === "late").length;
  return <Counter kind={count > 0 ? "is-late" : "is-none"} icon="alert" words={boardText.board.lateOnes} count={count} />;
}

function Counter({ kind, icon, words, count }: { kind: string; icon: IconName; words: string; count: number }) {
  return (
    <li class={`counter ${kind}`} title={words}>
      <Icon name={icon} />
      <span class="hidden">{words} </span>
      <b class="count">{count}</b>
    </li>
  );
}
