// Marks products as sold out.

import { useEffect } from "preact/hooks";
import type { Product } from "../gen/comanda/catalog/v1/menu_pb.ts";
import { explain } from "../lib/errors.ts";
import { followMenu, menu, menuHealth, tryMenuNow } from "../lib/menu.ts";
import { text } from "../lib/text.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { Icon } from "../ui/Icon.tsx";
import { StateMessage } from "../ui/StateMessage.tsx";
import { setAvailability, stockProblem, wanted } from "./stock.ts";

export function StockDialog({ token, onClose }: { token: string; onClose(): void }) {
  useEffect(followMenu, []);
  return (
    <Dialog title={text.stock.title} onClose={onClose}>
      <div class="stock">
        {stockProblem.value && (
          <p class="error" role="alert">
            <Icon name="alert" />
            {stockProblem.value}
          </p>
        )}
        {!menu.value && <NoMenu />}
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

function NoMenu() {
  const health = menuHealth.value;
  if (health.state === "offline") return <StateMessage kind="offline" title={text.connection.offline} onRetry={tryMenuNow} />;
  if (health.state !== "failed") return <StateMessage kind="loading" title={text.menu.loading} />;
  return <StateMessage kind="error" title={text.menu.failed} detail={explain(health.error)} onRetry={tryMenuNow} />;
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
      <span class="switch">
        <Icon name={available ? "check" : "close"} />
        {available ? text.stock.available : text.stock.soldOut}
      </span>
    </button>
  );
}
