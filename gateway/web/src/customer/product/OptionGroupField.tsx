// One choice about a product: radio buttons where at most one is allowed, else check boxes.

import type { Option, OptionGroup } from "../../gen/comanda/catalog/v1/menu_pb.ts";
import { nameOf } from "../../lib/menu/spoken.ts";
import { formatMoney } from "../../lib/text/money.ts";
import { text } from "../../lib/text/text.ts";
import { Icon } from "../../ui/Icon.tsx";
import { missing } from "../basket/pricing.ts";

interface Props {
  group: OptionGroup;
  /** Options of all groups of the product. */
  chosen: string[];
  showErrors: boolean;
  onChange(chosen: string[]): void;
}

export function OptionGroupField({ group, chosen, showErrors, onChange }: Props) {
  const { optionGroupId: id, minChoices, maxChoices, options } = group;
  const single = maxChoices === 1;
  const ids = options.map((option) => option.optionId);
  const others = chosen.filter((other) => !ids.includes(other));
  const mine = chosen.filter((other) => ids.includes(other));
  const lack = missing(group, chosen);
  const error = lack > 0 ? showErrors && text.choice.tooFew(lack) : lack < 0 && text.choice.tooMany(maxChoices);

  const toggle = (optionId: string, on: boolean) =>
    onChange([...others, ...(on ? [...mine, optionId] : mine.filter((other) => other !== optionId))]);

  const row = (key: string, name: string, on: boolean, pick: (on: boolean) => void, delta?: Option["priceDelta"]) => (
    <label class="option" key={key}>
      <input
        type={single ? "radio" : "checkbox"}
        name={id}
        checked={on}
        // A full group takes no more; what is chosen can still be taken back.
        disabled={!single && !on && mine.length >= maxChoices}
        onChange={(event) => pick(event.currentTarget.checked)}
      />
      <bdi>{name}</bdi>
      {delta && delta.minorUnits !== 0n && <span class="price">{formatMoney(delta, true)}</span>}
    </label>
  );

  return (
    <fieldset id={`group-${id}`} aria-describedby={`rule-${id}`}>
      <legend>
        <bdi>{nameOf(group)}</bdi>
      </legend>
      <p id={`rule-${id}`} class={error ? "error" : "rule"} role={error ? "alert" : undefined}>
        {error && <Icon name="alert" />}
        {error || rule(minChoices, maxChoices)}
      </p>
      {single && minChoices === 0 && row("none", text.choice.none, mine.length === 0, () => onChange(others))}
      {options.map((option) =>
        row(
          option.optionId,
          nameOf(option),
          mine.includes(option.optionId),
          (on) => (single ? onChange([...others, option.optionId]) : toggle(option.optionId, on)),
          option.priceDelta,
        ),
      )}
    </fieldset>
  );
}

function rule(min: number, max: number): string {
  if (min === 0) return text.choice.chooseUpTo(max);
  return min === max ? text.choice.chooseExactly(min) : text.choice.chooseBetween(min, max);
}
