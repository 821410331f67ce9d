// The choices of one product, before it goes into the basket.

import { useState } from "preact/hooks";
import type { Product } from "../gen/comanda/catalog/v1/menu_pb.ts";
import { formatMoney } from "../lib/money.ts";
import { text } from "../lib/text.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { Stepper } from "../ui/Stepper.tsx";
import { add, MOST_LINES, MOST_PIECES } from "./basket.ts";
import { chosen, isAllowed, missing, unitPrice, usualChoice } from "./pricing.ts";
import { OptionGroupField } from "./OptionGroupField.tsx";
import { basket, keepBasket } from "./store.ts";

export const NOTE_LENGTH = 140;

export function ProductDialog({ product, onClose }: { product: Product; onClose(): void }) {
  const [optionIds, setOptionIds] = useState(() => usualChoice(product));
  const [note, setNote] = useState("");
  const [quantity, setQuantity] = useState(1);
  const [checked, setChecked] = useState(false);
  const one = unitPrice(product, optionIds);
  const full = basket.value.length >= MOST_LINES;

  const submit = (event: Event) => {
    event.preventDefault();
    setChecked(true);
    if (!isAllowed(product, optionIds)) {
      const lacking = product.optionGroups.find((group) => missing(group, optionIds) !== 0);
      document.getElementById(`group-${lacking?.optionGroupId}`)?.scrollIntoView({ block: "center" });
      return;
    }
    keepBasket(
      add(basket.value, {
        productId: product.productId,
        name: product.name,
        quantity,
        optionIds: chosen(product, optionIds).map((option) => option.optionId),
        note: note.trim(),
        pickedPrice: one.minorUnits.toString(),
      }),
    );
    onClose();
  };

  return (
    <Dialog title={product.name} onClose={onClose}>
      <form class="product-form" onSubmit={submit}>
        {product.description && <p class="product-description">{product.description}</p>}
        {product.optionGroups.map((group) => (
          <OptionGroupField
            key={group.optionGroupId}
            group={group}
            chosen={optionIds}
            showErrors={checked}
            onChange={setOptionIds}
          />
        ))}
        <label class="field">
          {text.choice.note}
          <input
            value={note}
            maxLength={NOTE_LENGTH}
            placeholder={text.choice.notePlaceholder}
            onInput={(event) => setNote(event.currentTarget.value)}
          />
        </label>
        {full && <p class="error">{text.basket.full}</p>}
        <footer>
          <Stepper of={product.name} value={quantity} min={1} max={MOST_PIECES} onChange={setQuantity} />
          <button class="primary" disabled={full}>
            {text.choice.add(formatMoney({ ...one, minorUnits: one.minorUnits * BigInt(quantity) }))}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
