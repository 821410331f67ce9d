// Puts an order into the basket once more, and goes there.

import { useState } from "preact/hooks";
import type { Order } from "../../../gen/comanda/orders/v1/order_pb.ts";
import { explain } from "../../../lib/call/errors.ts";
import { menuLink } from "../../../lib/shop.ts";
import { isolated } from "../../../lib/text/foreign.ts";
import { Icon } from "../../../ui/Icon.tsx";
import { fillBasket } from "../../store.ts";
import { followText } from "../follow_text.ts";
import { askShop } from "../shop.ts";
import { again } from "./again.ts";

export function OrderAgain({ order }: { order: Order }) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const repeat = async () => {
    setBusy(true);
    setProblem(await tried(order));
    setBusy(false);
  };
  return (
    <div class="order-again">
      <button type="button" class="primary" disabled={busy} onClick={() => void repeat()}>
        <Icon name="retry" />
        {followText.repeat}
      </button>
      {problem && (
        <p class="error" role="alert">
          <Icon name="alert" />
          {problem}
        </p>
      )}
    </div>
  );
}

/** Null when the basket has it. */
async function tried(order: Order): Promise<string | null> {
  try {
    // As it is now: the page may have been open for long.
    const menu = await askShop(order.shopId);
    const { lines, missing } = again(order, menu ?? { products: new Map() });
    if (lines.length === 0) return followText.nothingLeft(missing.map(isolated).join(", "));
    fillBasket(order.shopId, lines, missing);
    location.assign(`${menuLink(order.shopId)}#pedido`);
    return null;
  } catch (error) {
    return explain(error);
  }
}
