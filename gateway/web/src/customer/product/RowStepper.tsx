// A plus that becomes − 1 +. The plus stays the same button, so that the focus stays on it.

import { text } from "../../lib/text/text.ts";
import { Icon } from "../../ui/Icon.tsx";

interface Props {
  name: string;
  value: number;
  disabled: boolean;
  onMore(): void;
  onFewer(): void;
}

export function RowStepper({ name, value, disabled, onMore, onFewer }: Props) {
  const fewer = (event: MouseEvent & { currentTarget: HTMLElement }) => {
    // It goes with the last piece.
    if (value === 1) (event.currentTarget.parentElement?.lastElementChild as HTMLElement | null)?.focus();
    onFewer();
  };
  return (
    <div class="row-stepper" role="group" aria-label={name}>
      {value > 0 && (
        <button key="fewer" type="button" aria-label={text.choice.fewer(name)} disabled={disabled} onClick={fewer}>
          <Icon name="minus" />
        </button>
      )}
      {value > 0 && <output key="value">{value}</output>}
      <button key="more" type="button" class="more" aria-label={text.menu.add(name)} disabled={disabled} onClick={onMore}>
        <Icon name="plus" />
      </button>
    </div>
  );
}
