// One product on the menu. A long menu has thousands: it reads signals only through `text`, so it is drawn again only
// when one of its props or the language changes.

import { formatMoney } from "../../lib/text/money.ts";
import type { Product } from "../../lib/menu/resolve.ts";
import { text } from "../../lib/text/text.ts";
import { Icon } from "../../ui/Icon.tsx";
import { allergenWords } from "./allergens.ts";
import { Picture } from "./Picture.tsx";

interface Props {
  product: Product;
  /** Pieces in the basket. */
  picked: number;
  busy: boolean;
  onPick(product: Product): void;
}

export function ProductTile({ product, picked, busy, onPick }: Props) {
  const { name, description, price, available, allergens, pictureUrl } = product;
  return (
    <li>
      <button
        type="button"
        class={pictureUrl ? "product has-picture" : "product"}
        disabled={!available || busy}
        onClick={() => onPick(product)}
      >
        <bdi class="product-name">{name}</bdi>
        <span class="product-text">
          {description && <bdi class="product-description">{description}</bdi>}
          {allergens.length > 0 && <span class="allergens">{allergenWords(allergens)}</span>}
        </span>
        <span class="product-foot">
          {price && <span class="price">{formatMoney(price)}</span>}
          {!available && <span class="tag tag-sold-out">{text.menu.soldOut}</span>}
          <span aria-live="polite">{picked > 0 && <span class="tag">{text.menu.inBasket(picked)}</span>}</span>
        </span>
        <span class="product-side">
          {pictureUrl && <Picture url={pictureUrl} name={name} />}
          {available && (
            <span class="product-add">
              <Icon name="plus" />
            </span>
          )}
        </span>
      </button>
    </li>
  );
}
