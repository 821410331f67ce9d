// One line of the basket, and what is wrong with it.

import { isolated } from "../../lib/text/foreign.ts";
import { menu } from "../../lib/menu/menu.ts";
import { nameOf } from "../../lib/menu/spoken.ts";
import { formatMoney } from "../../lib/text/money.ts";
import { text } from "../../lib/text/text.ts";
import { Stepper } from "../../ui/Stepper.tsx";
import { keyOf, MAX_PIECES, setQuantity, type PricedLine } from "./basket.ts";
import { LineWish } from "./LineWish.tsx";
import type { LineError } from "../checkout/line_errors.ts";
import { placing } from "../checkout/placing.ts";
import { chosen } from "./pricing.ts";
import { basket, keepBasket } from "../store.ts";

interface Props {
  line: PricedLine;
  index: number;
  currencyCode: string;
}

export function BasketLineRow({ line, index, currencyCode }: Props) {
  const busy = placing.value.state !== "idle";
  const mark = markOf(line);
  const money = (minorUnits: bigint) => formatMoney({ currencyCode, minorUnits });
  const before = BigInt(line.pickedPrice);
  const pieces = BigInt(line.quantity);
  const change = (quantity: number) => keepBasket(setQuantity(basket.value, index, quantity));
  const name = line.product ? nameOf(line.product) : line.name;
  const options = line.product ? chosen(line.product, line.optionIds) : [];
  // The refusal may know it before the menu does.
  const gone = line.problem === "gone" || mark?.kind === "gone";
  const soldOut = !gone && (line.problem === "soldOut" || mark?.kind === "soldOut");
  return (
    <li class={line.problem ? "has-problem" : mark ? "is-marked" : undefined}>
      <bdi class="line-name">{name}</bdi>
      <span class="line-price">
        {!line.problem && <span class="price">{money(line.price * pieces)}</span>}
        {!line.problem && before !== line.price && <span class="was">{text.basket.was(money(before * pieces))}</span>}
      </span>
      {options.length > 0 && (
        <span class="line-options">{options.map((option) => isolated(nameOf(option))).join(", ")}</span>
      )}
      {gone && <span class="tag tag-sold-out">{text.basket.gone}</span>}
      {soldOut && <span class="tag tag-sold-out">{text.menu.soldOut}</span>}
      {!line.problem && mark?.kind === "price" && (
        <span class="tag tag-changed">{text.basket.changed(money(mark.seen), money(mark.current))}</span>
      )}
      <div class="line-foot">
        {!gone && !soldOut && (
          <div class="line-wishes">
            <LineWish wish="allergy" line={line} name={name} index={index} busy={busy} />
            <LineWish wish="note" line={line} name={name} index={index} busy={busy} />
          </div>
        )}
        {line.problem ? (
          <button type="button" disabled={busy} onClick={() => change(0)}>
            {text.basket.remove(isolated(name))}
          </button>
        ) : (
          <Stepper of={name} value={line.quantity} min={0} max={MAX_PIECES} disabled={busy} onChange={change} />
        )}
      </div>
    </li>
  );
}

/** What cannot be had is only marked until the menu says so itself, or says that it can be had again. */
function markOf(line: PricedLine): LineError | undefined {
  const now = placing.value;
  if (now.state !== "idle" || !now.problem) return undefined;
  const mark = now.problem.lineErrors.get(keyOf(line));
  return mark?.kind === "price" || now.problem.menuVersion === menu.value?.version ? mark : undefined;
}
