// The basket: a page of its own on phones, a column on wide screens.

import type { Menu } from "../../lib/menu/resolve.ts";
import { text } from "../../lib/text/text.ts";
import { Icon } from "../../ui/Icon.tsx";
import { StateMessage } from "../../ui/state/StateMessage.tsx";
import { placing } from "../checkout/placing.ts";
import { lazily } from "../../lib/lazily.tsx";
import { basket } from "../store.ts";
import { price } from "./basket.ts";

export const BasketContents = lazily(async () => (await import("./BasketContents.tsx")).BasketContents);

export function BasketView({ menu }: { menu: Menu }) {
  const lines = price(basket.value, menu);
  const now = placing.value;
  const isEmpty = lines.length === 0 && now.state === "idle";
  const isRefused = now.state === "idle" && now.problem !== null;
  return (
    <aside class="basket" aria-labelledby="basket-title">
      <a class="back" href="#">
        <Icon name="back" />
        {text.action.back}
      </a>
      <h2 id="basket-title">{text.basket.title}</h2>
      {isEmpty && <StateMessage kind="empty" title={text.basket.empty} detail={text.basket.emptyDetail} />}
      {(!isEmpty || isRefused) && <BasketContents lines={lines} menu={menu} />}
    </aside>
  );
}
