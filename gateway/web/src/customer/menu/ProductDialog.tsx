// The choices of one product, before it goes into the basket.

import { useState } from "preact/hooks";
import { formatMoney } from "../../lib/text/money.ts";
import type { Product } from "../../lib/menu/resolve.ts";
import { text } from "../../lib/text/text.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { Stepper } from "../../ui/Stepper.tsx";
import { allergenWords } from "./allergens.ts";
import { add, MAX_LINES, MAX_PIECES } from "../basket/basket.ts";
import { OptionGroupField } from "./OptionGroupField.tsx";
import { Picture } from "./Picture.tsx";
import { chosen, isAllowed, missing, stillOffered, unitPrice, usualChoice } from "../basket/pricing.ts";
import { basket, keepBasket } from "../store.ts";

export const NOTE_LENGTH = 140;

export function ProductDialog({ product, onClose }: { product: Product; onClose(): void }) {
  const [picked, setPicked] = useState(() => usualChoice(product));
  const [note, setNote] = useState("");
  const [allergy, setAllergy] = useState("");
  const [quantity, setQuantity] = useState(1);
  const [checked, setChecked] = useState(false);
  // The menu may change while the dialog is open.
  const optionIds = stillOffered(product, picked);
  const one = unitPrice(product, optionIds);
  const full = basket.value.length >= MAX_LINES;

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
        allergy: allergy.trim(),
        pickedPrice: one.minorUnits.toString(),
      }),
    );
    onClose();
  };

  return (
    <Dialog title={<bdi>{product.name}</bdi>} onClose={onClose}>
      <form class="product-form" onSubmit={submit}>
        {product.pictureUrl && <Picture large url={product.pictureUrl} name={product.name} />}
        {product.description && <p class="product-description"><bdi>{product.description}</bdi></p>}
        {product.allergens.length > 0 && (
          <p class="allergens-box">
            <Icon name="alert" />
            {allergenWords(product.allergens)}
          </p>
        )}
        {product.optionGroups.map((group) => (
          <OptionGroupField
            key={group.optionGroupId}
            group={group}
            chosen={optionIds}
            showErrors={checked}
            onChange={setPicked}
          />
        ))}
        {product.available && ([["allergy", allergy, setAllergy], ["note", note, setNote]] as const).map(([wish, words, set]) => (
          <label key={wish} class="field">
            {text.choice[wish]}
            <input
              dir="auto"
              class={wish === "allergy" ? "allergy" : undefined}
              value={words}
              maxLength={NOTE_LENGTH}
              placeholder={text.choice.placeholders[wish]}
              onInput={(event) => set(event.currentTarget.value)}
            />
          </label>
        ))}
        {full && <p class="error">{text.basket.full}</p>}
        {!product.available && (
          <p class="error" role="alert">
            <Icon name="alert" />
            {text.menu.soldOut}
          </p>
        )}
        <footer>
          <Stepper of={product.name} value={quantity} min={1} max={MAX_PIECES} onChange={setQuantity} />
          <button class="primary" disabled={full || !product.available}>
            {text.choice.add(formatMoney({ ...one, minorUnits: one.minorUnits * BigInt(quantity) }))}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
