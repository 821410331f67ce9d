// Marks products as sold out.

import { useEffect } from "preact/hooks";
import type { Product } from "../gen/comanda/catalog/v1/menu_pb.ts";
import { followMenu, menu } from "../lib/menu.ts";
import { text } from "../lib/text.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { setAvailability, stockProblem, wanted } from "./stock.ts";

export function StockDialog({ token, onClose }: { token: string; onClose(): void }) {
  useEffect(followMenu, []);
  return (
    <Dialog label={text.stock.title} onClose={onClose}>
      <div class="stock">
        <header>
          <h2>{text.stock.title}</h2>
          <button type="button" onClick={onClose}>
            {text.action.close}
          </button>
        </header>
        {stockProblem.value && (
          <p class="error" role="alert">
            {stockProblem.value}
          </p>
        )}
        {!menu.value && <p class="loading">{text.menu.loading}</p>}
        {menu.value?.categories.map((category) => (
          <section key={category.categoryId}>
            <h3>{category.name}</h3>
            {category.products.map((product) => (
              <Row key={product.productId} product={product} token={token} />
            ))}
          </section>
        ))}
      </div>
    </Dialog>
  );
}

function Row({ product, token }: { product: Product; token: string }) {
  const asked = wanted.value.get(product.productId);
  const available = asked ?? product.available;
  return (
    <button
      type="button"
      role="switch"
      class="stock-row"
      aria-checked={!available}
      aria-label={`${product.name}: ${text.stock.soldOut}`}
      disabled={asked !== undefined}
      onClick={() => void setAvailability(token, product.productId, !available)}
    >
      <span>{product.name}</span>
      <span class="switch">{available ? text.stock.available : text.stock.soldOut}</span>
    </button>
  );
}
