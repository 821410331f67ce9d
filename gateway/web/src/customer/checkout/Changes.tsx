// What changed between the tap on "order" and the answer: each line by name, with its old and new price. To be accepted
// as it is now, or looked at again.

import { useState } from "preact/hooks";
import { nameOf } from "../../lib/menu/spoken.ts";
import { formatMoney } from "../../lib/text/money.ts";
import { text } from "../../lib/text/text.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { keyOf, total, type PricedLine } from "../basket/basket.ts";
import type { LineError } from "./line_errors.ts";
import { placing, type Problem } from "./placing.ts";
import { basket, keepBasket } from "../store.ts";

interface Props {
  lines: readonly PricedLine[];
  currencyCode: string;
  onAccept(lines: readonly PricedLine[]): void;
}

export function Changes({ lines, currencyCode, onAccept }: Props) {
  const [seen, setSeen] = useState<Problem | null>(null);
  const now = placing.value;
  const problem = now.state === "idle" ? now.problem : null;
  const errorOf = (line: PricedLine): LineError | undefined => problem?.lineErrors.get(keyOf(line));
  const changed = lines.filter((line) => errorOf(line));
  if (!problem || problem === seen || changed.length === 0) return null;
  const money = (minorUnits: bigint) => formatMoney({ currencyCode, minorUnits });
  const rest = lines.flatMap((line) => {
    const error = errorOf(line);
    if (!error) return line.problem ? [] : [line];
    return error.kind === "price" ? [{ ...line, price: error.current, problem: null }] : [];
  });
  const accept = () => {
    setSeen(problem);
    const kept = new Map(rest.map((line) => [keyOf(line), line.price.toString()]));
    keepBasket(
      basket.value.flatMap((line) => {
        const pickedPrice = kept.get(keyOf(line));
        return pickedPrice === undefined ? [] : [{ ...line, pickedPrice }];
      }),
    );
    if (rest.length > 0) onAccept(rest);
  };
  return (
    <Dialog title={text.changes.title} onClose={() => setSeen(problem)}>
      <p>{text.changes.detail}</p>
      <ul class="changes">
        {changed.map((line) => (
          <li key={keyOf(line)}>
            <bdi class="line-name">{line.product ? nameOf(line.product) : line.name}</bdi>
            <Change error={errorOf(line)!} money={money} />
          </li>
        ))}
      </ul>
      <div class="choices choices-tall">
        <button type="button" class="primary" onClick={accept}>
          {rest.length > 0 ? text.changes.accept(money(total(rest))) : text.changes.remove}
        </button>
        <button type="button" onClick={() => setSeen(problem)}>
          {text.changes.review}
        </button>
      </div>
    </Dialog>
  );
}

function Change({ error, money }: { error: LineError; money(minorUnits: bigint): string }) {
  if (error.kind === "soldOut") return <span class="tag tag-sold-out">{text.menu.soldOut}</span>;
  if (error.kind === "gone") return <span class="tag tag-sold-out">{text.basket.gone}</span>;
  return (
    <span class="tag tag-changed">
      <s>{money(error.seen)}</s> → {money(error.current)}
    </span>
  );
}
