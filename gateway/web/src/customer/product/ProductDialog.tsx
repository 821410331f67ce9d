// What there is to know about one product, and its choices, before it goes into the basket.

import { useState } from "preact/hooks";
import { formatMoney } from "../../lib/text/money.ts";
import type { Product } from "../../lib/menu/resolve.ts";
import { descriptionOf, nameOf, quickNotesOf } from "../../lib/menu/spoken.ts";
import { text } from "../../lib/text/text.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { Stepper } from "../../ui/Stepper.tsx";
import { AllergenList } from "./AllergenList.tsx";
import { add, MAX_LINES, MAX_PIECES } from "../basket/basket.ts";
import type { DrawingName } from "./drawings.ts";
import { NOTE_LENGTH, noteOf, room } from "./note.ts";
import { OptionGroupField } from "./OptionGroupField.tsx";
import { Picture } from "./Picture.tsx";
import { chosen, isAllowed, missing, stillOffered, unitPrice, usualChoice } from "../basket/pricing.ts";
import { QuickNotes } from "./QuickNotes.tsx";
import { basket, keepBasket } from "../store.ts";

interface Props {
  product: Product;
  drawing: DrawingName;
  onClose(): void;
}

export function ProductDialog({ product, drawing, onClose }: Props) {
  const [picked, setPicked] = useState(() => usualChoice(product));
  const [tapped, setTapped] = useState<string[]>([]);
  const [note, setNote] = useState("");
  const [allergy, setAllergy] = useState("");
  const [quantity, setQuantity] = useState(1);
  const [checked, setChecked] = useState(false);
  // The menu may change while the dialog is open.
  const optionIds = stillOffered(product, picked);
  const one = unitPrice(product, optionIds);
  const full = basket.value.length >= MAX_LINES;
  const { available, quickNotes } = product;
  const name = nameOf(product);
  const description = descriptionOf(product);

  const submit = (event: Event) => {
    event.preventDefault();
    setChecked(true);
    if (!isAllowed(product, optionIds)) {
      const lacking = product.optionGroups.find((group) => missing(group, optionIds) !== 0);
      const group = document.getElementById(`group-${lacking?.optionGroupId}`);
      group?.scrollIntoView({ block: "center" });
      group?.querySelector<HTMLElement>("input:enabled")?.focus({ preventScroll: true });
      return;
    }
    keepBasket(
      add(basket.value, {
        productId: product.productId,
        name: product.name,
        quantity,
        optionIds: chosen(product, optionIds).map((option) => option.optionId),
        note: noteOf(quickNotes, tapped, note),
        allergy: allergy.trim(),
        pickedPrice: one.minorUnits.toString(),
      }),
    );
    onClose();
  };

  return (
    <Dialog title={<bdi>{name}</bdi>} onClose={onClose}>
      <form class="product-form" onSubmit={submit}>
        <Picture large url={product.pictureUrl} name={name} drawing={drawing} />
        {/* The dialog has this name already. */}
        <p class="product-title" aria-hidden="true">
          <bdi>{name}</bdi>
        </p>
        {description && (
          <p class="product-about">
            <bdi>{description}</bdi>
          </p>
        )}
        {product.allergens.length > 0 && <AllergenList allergens={product.allergens} />}
        {product.optionGroups.map((group) => (
          <OptionGroupField
            key={group.optionGroupId}
            group={group}
            chosen={optionIds}
            showErrors={checked}
            onChange={setPicked}
          />
        ))}
        {available && (
          <>
            {quickNotes.length > 0 && (
              <QuickNotes
                notes={quickNotesOf(product)}
                chosen={tapped}
                fits={(more) => noteOf(quickNotes, [...tapped, more], note).length <= NOTE_LENGTH}
                onChange={setTapped}
              />
            )}
            <Wish wish="note" words={note} room={room(quickNotes, tapped)} onInput={setNote} />
            <Wish wish="allergy" words={allergy} room={NOTE_LENGTH} onInput={setAllergy} />
          </>
        )}
        {full && <p class="error">{text.basket.full}</p>}
        {!available && (
          <p class="error" role="alert">
            <Icon name="alert" />
            {text.menu.soldOut}
          </p>
        )}
        <footer>
          <Stepper of={name} value={quantity} min={1} max={MAX_PIECES} onChange={setQuantity} />
          <button class="primary" disabled={full || !available}>
            {text.choice.add(formatMoney({ ...one, minorUnits: one.minorUnits * BigInt(quantity) }))}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

interface WishProps {
  wish: "note" | "allergy";
  words: string;
  room: number;
  onInput(words: string): void;
}

function Wish({ wish, words, room, onInput }: WishProps) {
  return (
    <label class="field">
      {text.choice[wish]}
      <input
        dir="auto"
        class={wish === "allergy" ? "allergy" : undefined}
        value={words}
        maxLength={room}
        placeholder={text.choice.placeholders[wish]}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </label>
  );
}
