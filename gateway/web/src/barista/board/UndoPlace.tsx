// Where a card was that has just been tapped: what was done, and the chance to undo it.

import { stateName } from "../../lib/text/states.ts";
import { boardText } from "../../lib/text/board_text.ts";
import { Icon } from "../../ui/Icon.tsx";
import type { Actions } from "../actions.ts";
import { BoardIcon } from "../BoardIcon.tsx";
import type { Step } from "./undo.ts";

interface Props {
  step: Step;
  /** Of the card. */
  height: string;
  waits: boolean;
  /** Tapped a moment ago: takes no tap yet. */
  rests: boolean;
  actions: Actions;
}

export function UndoPlace({ step, height, waits, rests, actions }: Props) {
  const number = step.before.number.toString();
  return (
    <div class="undo-place" data-card={step.before.orderId} tabIndex={-1} style={{ minHeight: height }}>
      <p role="status">
        <Icon name="check" />
        {step.after !== null && boardText.board.stepDone(number, stateName(step.after))}
        {" "}
        {waits && <span class="waits">{boardText.board.waits}</span>}
      </p>
      <UndoButton step={step} rests={rests} actions={actions} />
    </div>
  );
}

export function UndoButton({ step, rests, actions }: Pick<Props, "step" | "rests" | "actions">) {
  const { orderId, number } = step.before;
  const { hold, release } = actions.steps;
  return (
    <button
      type="button"
      class="undo"
      disabled={rests}
      onClick={() => actions.undo(step)}
      onFocus={() => hold(orderId)}
      onBlur={() => actions.steps.shown.peek().has(orderId) && release(orderId)}
    >
      <BoardIcon name="undo" />
      {boardText.board.undo}
      <span class="hidden"> {boardText.board.ofOrder(number.toString())}</span>
    </button>
  );
}
