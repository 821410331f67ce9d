// The tickets, as one flow or in lanes. Nothing in them moves for a moment after a tap.

import { signal } from "@preact/signals";
import type { Ticket } from "../../gen/comanda/kitchen/v1/ticket_pb.ts";
import type { LiveBoard } from "../../lib/board/live_board.ts";
import { stateName } from "../../lib/text/states.ts";
import { boardText } from "../../lib/text/board_text.ts";
import type { Actions } from "../actions.ts";
import { selected } from "../keys/selected.ts";
import type { Kind } from "../news/news.ts";
import { layout } from "../settings.ts";
import { RailTicket } from "../ticket/RailTicket.tsx";
import { TicketCard } from "../ticket/TicketCard.tsx";
import { heightOfCard, HEIGHT_ON_RAIL } from "../ticket/height.ts";
import { Flow } from "./Flow.tsx";
import { LANES, lanesOf, slotsOf, type Slot } from "./slots.ts";
import { UndoPlace } from "./UndoPlace.tsx";

/** Pixels. */
const LEAST_COLUMN = 280;
const LEAST_IN_LANE = 244;

/** Where three lanes side by side would be too narrow. */
const narrow = matchMedia("(max-width: 699px)");
const isNarrow = signal(narrow.matches);
narrow.addEventListener("change", () => (isNarrow.value = narrow.matches));

interface Props {
  tickets: readonly Ticket[];
  board: LiveBoard;
  actions: Actions;
  /** By order: what is new of it. */
  glowing: ReadonlyMap<string, Kind>;
  onOpen(ticket: Ticket): void;
}

export function Board(props: Props) {
  const { steps } = props.actions;
  const inLanes = layout.value === "lanes" && !isNarrow.value;
  return (
    <main
      class={inLanes ? "lanes" : "grid"}
      onPointerDown={steps.fingerDown}
      onPointerUp={steps.fingerUp}
      onPointerCancel={steps.fingerUp}
      onPointerLeave={steps.fingerUp}
    >
      {inLanes ? <Lanes {...props} /> : <Tickets {...props} slots={slotsOf(props.tickets, steps.shown.value.values())} least={LEAST_COLUMN} />}
    </main>
  );
}

function Lanes(props: Props) {
  return lanesOf(props.tickets, props.actions.steps.shown.value.values()).map((slots, at) => {
    const state = LANES[at]!;
    const isRail = at === LANES.length - 1;
    return (
      <section key={state} class={`lane state-${state}${isRail ? " rail" : ""}`} aria-labelledby={`lane-${state}`}>
        <h2 id={`lane-${state}`}>
          {stateName(state)} <span class="count">{slots.filter(({ kind }) => kind === "card").length}</span>
        </h2>
        {slots.length === 0 && <p class="none">{boardText.board.emptyColumn}</p>}
        <Tickets {...props} slots={slots} least={LEAST_IN_LANE} isLane isRail={isRail} />
      </section>
    );
  });
}

interface TicketsProps extends Omit<Props, "tickets"> {
  slots: readonly Slot[];
  least: number;
  isLane?: boolean;
  isRail?: boolean;
}

function Tickets({ slots, least, isLane = false, isRail = false, board, actions, glowing, onOpen }: TicketsProps) {
  const { waiting, steps } = actions;
  const draw = (slot: Slot, height: number) => {
    const waits = waiting.value.has(slot.id);
    const rests = steps.resting.value.has(slot.id);
    if (slot.kind === "hole") return null;
    if (slot.kind === "undo") {
      return <UndoPlace step={slot.step} height={`${height}px`} waits={waits} rests={rests} actions={actions} />;
    }
    const step = steps.shown.value.get(slot.id);
    const Card = isRail ? RailTicket : TicketCard;
    return (
      <Card
        isFirst={slot.id === (selected.value ?? slots[0]?.id)}
        ticket={slot.ticket}
        clock={board.clock}
        waits={waits}
        rests={rests || steps.moved.value.has(slot.id)}
        // In a lane the undo is where the card came from, unless it came from nowhere else.
        step={isLane && step?.after !== null ? undefined : step}
        glow={glowing.get(slot.id)}
        actions={actions}
        onOpen={onOpen}
      />
    );
  };
  const estimate = (slot: Slot) => (isRail || slot.kind !== "card" ? HEIGHT_ON_RAIL : heightOfCard(slot.ticket));
  return (
    <Flow
      slots={slots}
      least={least}
      isStill={steps.isStill.value}
      selected={selected.value}
      estimate={estimate}
      draw={draw}
      onMoved={steps.move}
    />
  );
}
