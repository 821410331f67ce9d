// The basket: lines, total, and the form that turns it into an order.

import { useState } from "preact/hooks";
import type { Menu } from "../gen/comanda/catalog/v1/menu_pb.ts";
import { formatMoney } from "../lib/money.ts";
import { text } from "../lib/text.ts";
import { Icon } from "../ui/Icon.tsx";
import { StateMessage } from "../ui/StateMessage.tsx";
import { Stepper } from "../ui/Stepper.tsx";
import { MOST_PIECES, price, setNote, setQuantity, total, type PricedLine } from "./basket.ts";
import { Checkout } from "./Checkout.tsx";
import { placing } from "./place.ts";
import { chosen } from "./pricing.ts";
import { NOTE_LENGTH } from "./ProductDialog.tsx";
import { basket, keepBasket } from "./store.ts";

export function BasketView({ menu }: { menu: Menu }) {
  const lines = price(basket.value, menu);
  const sum = total(lines);
  return (
    <aside class="basket" aria-labelledby="basket-title">
      <a class="back" href="#">
        <Icon name="back" />
        {text.action.back}
      </a>
      <h2 id="basket-title">{text.basket.title}</h2>
      {lines.length === 0 && placing.value.state === "idle" && (
        <StateMessage kind="empty" title={text.basket.empty} detail={text.basket.emptyDetail} />
      )}
      <ul class="basket-lines">
        {lines.map((line, index) => (
          <Line key={`${line.productId} ${line.optionIds.join()} ${index}`} line={line} index={index} menu={menu} />
        ))}
      </ul>
      {lines.length > 0 && (
        <p class="total">
          <span>{text.basket.total}</span>
          <strong>{formatMoney({ currencyCode: menu.currencyCode, minorUnits: sum })}</strong>
        </p>
      )}
      <Checkout lines={lines} currencyCode={menu.currencyCode} />
    </aside>
  );
}

function Line({ line, index, menu }: { line: PricedLine; index: number; menu: Menu }) {
  const busy = placing.value.state !== "idle";
  const money = (minorUnits: bigint) => formatMoney({ currencyCode: menu.currencyCode, minorUnits });
  const before = BigInt(line.pickedPrice);
  const change = (quantity: number) => keepBasket(setQuantity(basket.value, index, quantity));
  return (
    <li class={line.problem ? "has-problem" : undefined}>
      <div class="line-text">
        <span class="line-name">{line.product?.name ?? line.name}</span>
        {line.product && chosen(line.product, line.optionIds).length > 0 && (
          <span class="line-options">
            {chosen(line.product, line.optionIds)
              .map((option) => option.name)
              .join(", ")}
          </span>
        )}
        <Note line={line} index={index} busy={busy} />
        {line.problem === "gone" && <span class="tag tag-sold-out">{text.basket.gone}</span>}
        {line.problem === "soldOut" && <span class="tag tag-sold-out">{text.menu.soldOut}</span>}
      </div>
      <div class="line-side">
        {!line.problem && <span class="price">{money(line.price * BigInt(line.quantity))}</span>}
        {!line.problem && before !== line.price && <span class="was">{text.basket.was(money(before * BigInt(line.quantity)))}</span>}
        {line.problem ? (
          <button type="button" disabled={busy} onClick={() => change(0)}>
            {text.basket.remove(line.name)}
          </button>
        ) : (
          <Stepper of={line.name} value={line.quantity} min={0} max={MOST_PIECES} disabled={busy} onChange={change} />
        )}
      </div>
    </li>
  );
}

function Note({ line, index, busy }: { line: PricedLine; index: number; busy: boolean }) {
  const [editing, setEditing] = useState(false);
  if (!editing && !line.note) {
    return (
      <button type="button" class="quiet add-note" disabled={busy} onClick={() => setEditing(true)}>
        <Icon name="note" />
        {text.basket.addNote}
      </button>
    );
  }
  return (
    <input
      aria-label={`${text.choice.note}: ${line.name}`}
      value={line.note}
      maxLength={NOTE_LENGTH}
      disabled={busy}
      placeholder={text.choice.notePlaceholder}
      autofocus={editing}
      onInput={(event) => keepBasket(setNote(basket.value, index, event.currentTarget.value))}
      onBlur={() => setEditing(false)}
    />
  );
}
