// One product on the menu. A long menu has thousands: it reads signals only through `text`, so it is drawn again only
// when one of its props or the language changes.

import { formatMoney } from "../../lib/text/money.ts";
import type { Product } from "../../lib/menu/resolve.ts";
import { descriptionOf, nameOf } from "../../lib/menu/spoken.ts";
import { text } from "../../lib/text/text.ts";
import { Icon } from "../../ui/Icon.tsx";
import { allergenWords } from "./allergens.ts";
import type { DrawingName } from "./drawings.ts";
import { Picture } from "./Picture.tsx";
import { RowStepper } from "./RowStepper.tsx";

export interface RowActions {
  /** Shows what there is to know and to choose. */
  open(product: Product): void;
  /** One more; where there is something to choose, that comes first. */
  add(product: Product): void;
  takeBack(product: Product): void;
}

interface Props {
  product: Product;
  /** What stands where it has no picture. */
  drawing: DrawingName;
  /** Pieces in the basket. */
  picked: number;
  busy: boolean;
  actions: RowActions;
}

export function ProductRow({ product, drawing, picked, busy, actions }: Props) {
  const { price, available, allergens, pictureUrl } = product;
  const name = nameOf(product);
  const description = descriptionOf(product);
  const hasChoices = product.optionGroups.length > 0;
  return (
    <li class={available ? "product" : "product is-sold-out"}>
      <button type="button" class="product-open" disabled={!available || busy} onClick={() => actions.open(product)}>
        <Picture url={pictureUrl} name={name} drawing={drawing} />
        <span class="product-text">
          <bdi class="product-name">{name}</bdi>
          {description && <bdi class="product-description">{description}</bdi>}
        </span>
        <span class="product-foot">
          {price && <span class="price">{formatMoney(price)}</span>}
          {!available && <span class="tag tag-sold-out">{text.menu.soldOut}</span>}
          {picked > 0 && hasChoices && <span class="tag">{text.menu.inBasket(picked)}</span>}
          {allergens.length > 0 && (
            <span class="allergens">
              <Icon name="alert" />
              <span class="hidden">{text.menu.contains} </span>
              {allergenWords(allergens)}
            </span>
          )}
        </span>
      </button>
      {available && (
        <RowStepper
          name={name}
          value={hasChoices ? 0 : picked}
          disabled={busy}
          onMore={() => actions.add(product)}
          onFewer={() => actions.takeBack(product)}
        />
      )}
    </li>
  );
}
