// What was handed over today, and the way back onto the board.

import { hourAndMinute } from "../../lib/time/clock.ts";
import { menu } from "../../lib/menu/held.ts";
import { ofToday } from "../../lib/time/hours.ts";
import { serverMinute } from "../../lib/time/server_time.ts";
import { boardText } from "../../lib/text/board_text.ts";
import type { Actions } from "../actions.ts";
import { recent } from "./recent.ts";
import type { Recent } from "./stored.ts";

export function RecentList({ actions, onReopen }: { actions: Actions; onReopen(one: Recent): void }) {
  const shop = menu.value;
  const isOnBoard = ({ orderId }: Recent) => actions.tickets.value?.some((ticket) => ticket.orderId === orderId);
  const all = shop ? ofToday(recent.value, serverMinute.value, shop).filter((one) => !isOnBoard(one)) : [];
  return (
    <section class="recent" aria-labelledby="recent">
      <h2 id="recent">{boardText.recent.title}</h2>
      {all.length === 0 && (
        <p class="none">
          {boardText.recent.none}. {boardText.recent.noneDetail}
        </p>
      )}
      <ul>
        {all.map((one) => (
          <li key={one.orderId}>
            <b>{one.number}</b>
            <span class="recent-of">
              <bdi>{one.name}</bdi>
              <span class="soft">{hourAndMinute(one.atMs)}</span>
            </span>
            {actions.waiting.value.has(one.orderId) ? (
              <span class="waits">{boardText.board.waits}</span>
            ) : (
              <button type="button" onClick={() => onReopen(one)}>
                {boardText.recent.reopen}
                <span class="hidden"> {boardText.board.ofOrder(one.number)}</span>
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
