// Name, take-away or table, and the button that orders.

import { useState } from "preact/hooks";
import { menuHealth } from "../../lib/menu/menu.ts";
import { formatMoney } from "../../lib/text/money.ts";
import { text } from "../../lib/text/text.ts";
import { Icon } from "../../ui/Icon.tsx";
import { total, type PricedLine } from "./basket.ts";
import { Field } from "../../ui/Field.tsx";
import { closedBecause } from "../menu/shop_status.ts";
import { placeOrder, placing, type OrderDraft } from "./place.ts";
import { Sending } from "./Sending.tsx";
import { customerName, keepCustomerName } from "../store.ts";

const NAME_LENGTH = 40;
const TABLE_LENGTH = 20;

export function Checkout({ lines, currencyCode }: { lines: readonly PricedLine[]; currencyCode: string }) {
  const [atTable, setAtTable] = useState(false);
  const [table, setTable] = useState("");
  const [checked, setChecked] = useState(false);
  if (placing.value.state !== "idle") return <Sending />;
  if (lines.length === 0) return <Problem />;

  const name = customerName.value.trim();
  const nameMissing = !name;
  const tableMissing = atTable && !table.trim();
  const blocked = blockedBy(lines);

  const submit = (event: Event) => {
    event.preventDefault();
    setChecked(true);
    if (blocked) return;
    if (nameMissing || tableMissing) {
      document.getElementById(nameMissing ? "customer-name" : "table")?.focus();
      return;
    }
    const mode: OrderDraft["mode"] = atTable
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
          <Icon name="bag" />
          <span>{text.checkout.takeAway}</span>
        </label>
        <label class="option">
          <input type="radio" name="mode" checked={atTable} onChange={() => setAtTable(true)} />
          <Icon name="table" />
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
      {blocked && (
        <p id="blocked" class="error">
          <Icon name="alert" />
          {blocked}
        </p>
      )}
      <Problem />
      <button class="primary order" disabled={blocked !== null} aria-describedby={blocked ? "blocked" : undefined}>
        {text.checkout.order(formatMoney({ currencyCode, minorUnits: total(lines) }))}
      </button>
    </form>
  );
}

/** Why the order cannot be sent now. Ordering by an old menu is fine, since the server checks the prices. */
function blockedBy(lines: readonly PricedLine[]): string | null {
  if (lines.some((line) => line.problem)) return text.basket.fix;
  if (menuHealth.value.state === "offline") return text.checkout.offline;
  const closed = closedBecause();
  return closed && `${closed} ${text.checkout.kept}`;
}

/** What the server answered. It is not said twice when the page knows it by itself by now. */
function Problem() {
  const now = placing.value;
  if (now.state !== "idle" || !now.problem) return null;
  const known = ["SHOP_CLOSED", "SHOP_PAUSED"].includes(now.problem.reason) && closedBecause() !== null;
  if (known) return null;
  return (
    <p class="error" role="alert">
      <Icon name="alert" />
      {now.problem.message}
    </p>
  );
}
