// The way to the orders that this phone placed here today: those under way, then those that are over.

import { menu } from "../../lib/menu/menu.ts";
import { ofToday } from "../../lib/time/hours.ts";
import { serverMinute } from "../../lib/time/server_time.ts";
import { text } from "../../lib/text/text.ts";
import { Icon } from "../../ui/Icon.tsx";
import type { OwnOrder } from "../own_orders.ts";
import { ownOrders } from "../store.ts";

export function OwnOrders() {
  const shop = menu.value;
  const today = shop ? ofToday(ownOrders.value, serverMinute.value, shop) : ownOrders.value;
  const over = today.filter(({ isOver }) => isOver);
  if (today.length === 0) return null;
  return (
    <div class="own-orders">
      {today.filter(({ isOver }) => !isOver).map((order) => (
        <OrderLink key={order.fragment} order={order} words={text.menu.follow(order.number)} />
      ))}
      {over.length > 0 && (
        <details class="orders-over">
          <summary>{text.menu.ordersOver(over.length)}</summary>
          {over.map((order) => (
            <OrderLink key={order.fragment} order={order} words={text.menu.orderOver(order.number)} />
          ))}
        </details>
      )}
    </div>
  );
}

function OrderLink({ order, words }: { order: OwnOrder; words: string }) {
  return (
    <a class="own-order" href={`/acompanhar#${order.fragment}`}>
      <Icon name="receipt" />
      {words}
    </a>
  );
}
