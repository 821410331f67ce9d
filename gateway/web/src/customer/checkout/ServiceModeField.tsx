// Take-away or at a table: asked, unless the code on a table has told.

import { text } from "../../lib/text/text.ts";
import { Field } from "../../ui/Field.tsx";
import { Icon, type IconName } from "../../ui/Icon.tsx";
import { TABLE_LENGTH } from "./table.ts";

export type Mode = "takeAway" | "atTable";

interface Props {
  mode: Mode | null;
  table: string;
  /** The table that a code has told of; it need not be typed. */
  told: string;
  showErrors: boolean;
  onMode(mode: Mode): void;
  onTable(table: string): void;
  onOtherTable(): void;
}

const MODES: [Mode, IconName][] = [["takeAway", "bag"], ["atTable", "table"]];

export function ServiceModeField({ mode, table, told, showErrors, onMode, onTable, onOtherTable }: Props) {
  const missing = showErrors && mode === null;
  return (
    <>
      <fieldset class="modes" aria-describedby={missing ? "mode-error" : undefined}>
        <legend>{text.checkout.serviceMode}</legend>
        {MODES.map(([one, icon]) => (
          <label key={one} class="option">
            <input id={one} type="radio" name="mode" checked={mode === one} onChange={() => onMode(one)} />
            <Icon name={icon} />
            <span>{text.checkout[one]}</span>
          </label>
        ))}
        {missing && (
          <p id="mode-error" class="error">
            <Icon name="alert" />
            {text.checkout.serviceModeMissing}
          </p>
        )}
      </fieldset>
      {mode === "atTable" && told && (
        <p class="told-table">
          <Icon name="table" />
          <strong>
            <bdi>{text.checkout.tableIs(told)}</bdi>
          </strong>
          <button type="button" class="quiet" onClick={onOtherTable}>
            {text.checkout.otherTable}
          </button>
        </p>
      )}
      {mode === "atTable" && !told && (
        <Field
          id="table"
          label={text.checkout.table}
          autocomplete="off"
          maxLength={TABLE_LENGTH}
          value={table}
          error={showErrors && !table.trim() ? text.checkout.tableMissing : null}
          onInput={onTable}
        />
      )}
    </>
  );
}
