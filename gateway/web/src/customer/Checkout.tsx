// Name, take-away or table, and the button that orders.

import { useState } from "preact/hooks";
import { formatMoney } from "../lib/money.ts";
import { text } from "../lib/text.ts";
import { total, type PricedLine } from "./basket.ts";
import { giveUp, placeOrder, placing, tryNow, type Wish } from "./place.ts";
import { customerName, keepCustomerName } from "./store.ts";

const NAME_LENGTH = 40;
const TABLE_LENGTH = 20;

export function Checkout({ lines, currencyCode }: { lines: readonly PricedLine[]; currencyCode: string }) {
  const [atTable, setAtTable] = useState(false);
  const [table, setTable] = useState("");
  const [checked, setChecked] = useState(false);
  if (placing.value.state !== "idle") return <Progress />;
  if (lines.length === 0) return <Problem />;

  const name = customerName.value.trim();
  const nameMissing = !name;
  const tableMissing = atTable && !table.trim();
  const blocked = lines.some((line) => line.problem);

  const submit = (event: Event) => {
    event.preventDefault();
    setChecked(true);
    if (nameMissing || tableMissing) {
      document.getElementById(nameMissing ? "customer-name" : "table")?.focus();
      return;
    }
    const mode: Wish["mode"] = atTable
      ? { case: "atTable", value: { $typeName: "comanda.type.v1.AtTable", table: table.trim() } }
      : { case: "takeAway", value: { $typeName: "comanda.type.v1.TakeAway" } };
    placeOrder({ customerName: name, mode, lines, currencyCode });
  };

  return (
    <form class="checkout" noValidate onSubmit={submit}>
      <Field
        id="customer-name"
        label={text.checkout.name}
        autocomplete="given-name"
        maxLength={NAME_LENGTH}
        value={customerName.value}
        error={checked && nameMissing ? text.checkout.nameMissing : null}
        onInput={keepCustomerName}
      />
      <fieldset class="modes">
        <legend>{text.checkout.serviceMode}</legend>
        <label class="option">
          <input type="radio" name="mode" checked={!atTable} onChange={() => setAtTable(false)} />
          <span>{text.checkout.takeAway}</span>
        </label>
        <label class="option">
          <input type="radio" name="mode" checked={atTable} onChange={() => setAtTable(true)} />
          <span>{text.checkout.atTable}</span>
        </label>
      </fieldset>
      {atTable && (
        <Field
          id="table"
          label={text.checkout.table}
          autocomplete="off"
          maxLength={TABLE_LENGTH}
          value={table}
          error={checked && tableMissing ? text.checkout.tableMissing : null}
          onInput={setTable}
        />
      )}
      {blocked && <p class="error">{text.basket.fix}</p>}
      <Problem />
      <button class="primary order" disabled={blocked}>
        {text.checkout.order(formatMoney({ currencyCode, minorUnits: total(lines) }))}
      </button>
    </form>
  );
}

function Problem() {
  const now = placing.value;
  if (now.state !== "idle" || !now.problem) return null;
  return (
    <p class="error" role="alert">
      {now.problem}
    </p>
  );
}

function Progress() {
  const retrying = placing.value.state === "retrying";
  return (
    <div class="progress" role="status">
      <p class="spinner">{retrying ? text.checkout.retrying : text.checkout.sending}</p>
      {retrying && (
        <>
          <p>{text.checkout.retryingSafe}</p>
          <button type="button" class="primary" onClick={tryNow}>
            {text.action.tryNow}
          </button>
          <button type="button" class="plain" onClick={() => confirm(text.checkout.giveUpWarning) && giveUp()}>
            {text.checkout.giveUp}
          </button>
        </>
      )}
    </div>
  );
}

interface FieldProps {
  id: string;
  label: string;
  autocomplete: "given-name" | "off";
  maxLength: number;
  value: string;
  error: string | null;
  onInput(value: string): void;
}

function Field({ id, label, error, onInput, ...input }: FieldProps) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        {...input}
        aria-invalid={error !== null}
        aria-describedby={error ? `${id}-error` : undefined}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      {error && (
        <p id={`${id}-error`} class="error">
          {error}
        </p>
      )}
    </div>
  );
}
