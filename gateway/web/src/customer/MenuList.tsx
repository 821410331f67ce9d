// The menu by category.

import type { Category, Menu, Product } from "../gen/comanda/catalog/v1/menu_pb.ts";
import { formatMoney } from "../lib/money.ts";
import { text } from "../lib/text.ts";
import { Icon } from "../ui/Icon.tsx";
import { StateMessage } from "../ui/StateMessage.tsx";
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
      {filled.length === 0 && <StateMessage kind="empty" title={text.menu.empty} detail={text.menu.emptyDetail} />}
      {filled.length > 1 && <CategoryBar categories={filled} />}
      {filled.map((category) => (
        <section key={category.categoryId} id={sectionId(category)}>
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

const sectionId = (category: Category) => `category-${category.categoryId}`;

/** Buttons rather than links: the fragment already says whether the menu or the basket is shown. */
function CategoryBar({ categories }: { categories: Category[] }) {
  return (
    <nav class="categories" aria-label={text.menu.categories}>
      {categories.map((category) => (
        <button
          type="button"
          key={category.categoryId}
          onClick={() => document.getElementById(sectionId(category))?.scrollIntoView()}
        >
          {category.name}
        </button>
      ))}
    </nav>
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
          <span aria-live="polite">{picked > 0 && <span class="tag">{text.menu.inBasket(picked)}</span>}</span>
        </span>
        {available && (
          <span class="product-add">
            <Icon name="plus" />
          </span>
        )}
      </button>
    </li>
  );
}
