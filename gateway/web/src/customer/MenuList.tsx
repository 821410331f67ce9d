// The menu by category.

import type { Menu, Product } from "../gen/comanda/catalog/v1/menu_pb.ts";
import { formatMoney } from "../lib/money.ts";
import { text } from "../lib/text.ts";
import { placing } from "./place.ts";
import { basket } from "./store.ts";

interface Props {
  menu: Menu;
  onPick(product: Product): void;
}

export function MenuList({ menu, onPick }: Props) {
  const filled = menu.categories.filter((category) => category.products.length > 0);
  return (
    <main class="menu">
      {filled.length === 0 && <p>{text.menu.empty}</p>}
      {filled.map((category) => (
        <section key={category.categoryId}>
          <h2>{category.name}</h2>
          <ul class="products">
            {category.products.map((product) => (
              <ProductTile key={product.productId} product={product} onPick={onPick} />
            ))}
          </ul>
        </section>
      ))}
    </main>
  );
}

function ProductTile({ product, onPick }: { product: Product } & Pick<Props, "onPick">) {
  const { name, description, price, available } = product;
  const picked = basket.value
    .filter((line) => line.productId === product.productId)
    .reduce((sum, line) => sum + line.quantity, 0);
  const busy = placing.value.state !== "idle";
  return (
    <li>
      <button type="button" class="product" disabled={!available || busy} onClick={() => onPick(product)}>
        <span class="product-name">{name}</span>
        {description && <span class="product-description">{description}</span>}
        <span class="product-foot">
          {price && <span class="price">{formatMoney(price)}</span>}
          {!available && <span class="tag tag-sold-out">{text.menu.soldOut}</span>}
          <span class="picked" aria-live="polite">
            {picked > 0 && <span class="tag">{text.menu.inBasket(picked)}</span>}
          </span>
        </span>
      </button>
    </li>
  );
}
