// Name, take-away or table, how to pay, and the button that orders.

import { useEffect, useState } from "preact/hooks";
import { menuHealth } from "../../lib/menu/menu.ts";
import type { Menu } from "../../lib/menu/resolve.ts";
import { paymentOf } from "../../lib/menu/spoken.ts";
import { formatMoney } from "../../lib/text/money.ts";
import { text } from "../../lib/text/text.ts";
import { Field } from "../../ui/Field.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { SupportCode } from "../../ui/SupportCode.tsx";
import type { PricedLine } from "../basket/basket.ts";
import { Changes } from "./Changes.tsx";
import { closedBecause } from "../menu/shop_status.ts";
import { PaymentLine } from "../PaymentLine.tsx";
import { placeOrder, type OrderDraft } from "./place.ts";
import { placing } from "./placing.ts";
import { quotedTotal } from "../basket/quoted.ts";
import { Sending } from "./Sending.tsx";
import { ServiceModeField, type Mode } from "./ServiceModeField.tsx";
import { customerName, keepCustomerName } from "../store.ts";
import { keepTable, table as told } from "./table.ts";

const NAME_LENGTH = 40;

export function Checkout({ lines, menu }: { lines: readonly PricedLine[]; menu: Menu }) {
  const [mode, setMode] = useState<Mode | null>(told.value ? "atTable" : null);
  /** What is typed; null while the table is the one that a code has told. */
  const [typed, setTyped] = useState<string | null>(told.value ? null : "");
  const [checked, setChecked] = useState(false);
  useFocusOnRefused();
  if (placing.value.state !== "idle") return <Sending />;
  if (lines.length === 0) return <Problem />;

  const name = customerName.value.trim();
  const table = (typed ?? told.value).trim();
  const lacking = !name ? "customer-name" : mode === null ? "takeAway" : mode === "atTable" && !table ? "table" : null;
  const blocked = blockedBy(lines);
  const { currencyCode } = menu;

  const order = (wanted: readonly PricedLine[]) => {
    setChecked(true);
    if (blockedBy(wanted)) return;
    if (lacking) {
      document.getElementById(lacking)?.focus();
      return;
    }
    // Whoever has changed the table sits there from now on.
    if (mode === "atTable" && told.value) keepTable(table);
    placeOrder({ customerName: name, mode: modeOf(mode!, table), lines: wanted, currencyCode });
  };
  const submit = (event: Event) => {
    event.preventDefault();
    order(lines);
  };

  return (
    <form class="checkout" noValidate onSubmit={submit}>
      <Field
        id="customer-name"
        label={text.checkout.name}
        autocomplete="given-name"
        maxLength={NAME_LENGTH}
        value={customerName.value}
        error={checked && !name ? text.checkout.nameMissing : null}
        onInput={keepCustomerName}
      />
      <ServiceModeField
        mode={mode}
        table={typed ?? ""}
        told={typed === null ? told.value : ""}
        showErrors={checked}
        onMode={setMode}
        onTable={setTyped}
        onOtherTable={() => setTyped("")}
      />
      <PaymentLine words={paymentOf(menu)} />
      {blocked && (
        <p id="blocked" class="error">
          <Icon name="alert" />
          {blocked}
        </p>
      )}
      <Problem />
      <button class="primary order" disabled={blocked !== null} aria-describedby={blocked ? "blocked" : undefined}>
        {text.checkout.order(formatMoney({ currencyCode, minorUnits: quotedTotal(lines) }))}
      </button>
      <Changes lines={lines} currencyCode={currencyCode} onAccept={order} />
    </form>
  );
}

function modeOf(mode: Mode, table: string): OrderDraft["mode"] {
  return mode === "atTable"
    ? { case: "atTable", value: { $typeName: "comanda.type.v1.AtTable", table } }
    : { case: "takeAway", value: { $typeName: "comanda.type.v1.TakeAway" } };
}

/** To the first field that the server did not like. */
function useFocusOnRefused(): void {
  const now = placing.value;
  const fields = now.state === "idle" ? (now.problem?.fields ?? []) : [];
  useEffect(() => {
    const id = fields.includes("customer_name") ? "customer-name" : fields.some((one) => one.includes("table")) ? "table" : "";
    document.getElementById(id)?.focus();
  }, [fields.join()]);
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
    <div class="error refused">
      <Icon name="alert" />
      <p role="alert">{now.problem.message}</p>
      <SupportCode code={now.problem.code} />
    </div>
  );
}
