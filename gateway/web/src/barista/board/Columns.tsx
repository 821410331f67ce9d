// The three columns of the board. Nothing in them moves for a moment after a tap.

import { useRef } from "preact/hooks";
import type { Ticket } from "../../gen/comanda/kitchen/v1/ticket_pb.ts";
import type { OrderState } from "../../gen/comanda/type/v1/order_state_pb.ts";
import type { LiveBoard } from "../../lib/board/live_board.ts";
import { stateName } from "../../lib/text/states.ts";
import { staffText } from "../../lib/text/staff_text.ts";
import type { Actions } from "../actions.ts";
import { COLUMNS, keepPlaces, slotsOf, type Slot } from "./slots.ts";
import { TicketCard } from "../ticket/TicketCard.tsx";
import { UndoPlace } from "./UndoPlace.tsx";

interface Props {
  tickets: readonly Ticket[];
  board: LiveBoard;
  actions: Actions;
  onCancel(ticket: Ticket): void;
}

export function Columns({ tickets, ...rest }: Props) {
  const { steps } = rest.actions;
  const shown = useRef<Slot[][]>([]);
  const heights = useRef(new Map<string, number>());
  const now = slotsOf(tickets, steps.shown.value.values());
  const next = steps.isStill.value ? keepPlaces(shown.current, now) : now;
  measure(shown.current, next, heights.current);
  shown.current = next;
  return (
    <main
      class="columns"
      onPointerDown={steps.fingerDown}
      onPointerUp={steps.fingerUp}
      onPointerCancel={steps.fingerUp}
      onPointerLeave={steps.fingerUp}
    >
      {COLUMNS.map((state, column) => (
        <Column key={state} state={state} slots={next[column] ?? []} heights={heights.current} {...rest} />
      ))}
    </main>
  );
}

/** How high the cards are that are about to go: what comes in their place keeps it. */
function measure(before: readonly Slot[][], next: readonly Slot[][], heights: Map<string, number>): void {
  next.forEach((slots, column) => {
    const cards = new Set(before[column]?.filter(({ kind }) => kind === "card").map(({ id }) => id));
    for (const { id } of slots.filter((slot) => slot.kind !== "card" && cards.has(slot.id))) {
      const card = document.getElementById(`ticket-${id}`)?.closest("article");
      if (card) heights.set(id, card.getBoundingClientRect().height);
    }
  });
}

interface ColumnProps extends Omit<Props, "tickets"> {
  state: OrderState;
  slots: readonly Slot[];
  heights: ReadonlyMap<string, number>;
}

function Column({ state, slots, heights, board, actions, onCancel }: ColumnProps) {
  const { waiting, steps } = actions;
  return (
    <section class={`column column-${state}`} aria-labelledby={`column-${state}`}>
      <h2 id={`column-${state}`}>
        {stateName(state)} <span class="count">{slots.filter(({ kind }) => kind === "card").length}</span>
      </h2>
      <div class="cards">
        {slots.length === 0 && <p class="none">{staffText.board.emptyColumn}</p>}
        {slots.map((slot) => {
          const height = `${heights.get(slot.id) ?? 0}px`;
          const waits = waiting.value.has(slot.id);
          const rests = steps.resting.value.has(slot.id);
          if (slot.kind === "hole") return <div key={slot.id} class="hole" style={{ height }} />;
          if (slot.kind === "undo") {
            return <UndoPlace key={slot.id} step={slot.step} height={height} waits={waits} rests={rests} actions={actions} />;
          }
          const { ticket } = slot;
          return (
            <TicketCard
              key={slot.id}
              ticket={ticket}
              clock={board.clock}
              waits={waits}
              rests={rests}
              step={steps.shown.value.get(slot.id)}
              actions={actions}
              onCancel={onCancel}
            />
          );
        })}
      </div>
    </section>
  );
}
