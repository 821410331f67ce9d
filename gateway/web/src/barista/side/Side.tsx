// Beside the tickets: how much there is to make of each product, and what was handed over.

import type { Ticket } from "../../gen/comanda/kitchen/v1/ticket_pb.ts";
import { boardText } from "../../lib/text/board_text.ts";
import { text } from "../../lib/text/text.ts";
import { Icon } from "../../ui/Icon.tsx";
import type { Actions } from "../actions.ts";
import { RecentList } from "../recent/RecentList.tsx";
import type { Recent } from "../recent/stored.ts";
import { side } from "../settings.ts";
import { watched } from "../stations.ts";
import { isElsewhere } from "../ticket/lines.ts";
import { totalsOf } from "./totals.ts";

interface Props {
  tickets: readonly Ticket[];
  actions: Actions;
  onReopen(one: Recent): void;
}

export function Side({ tickets, actions, onReopen }: Props) {
  const totals = totalsOf(tickets, (line) => !isElsewhere(line, watched.value));
  return (
    <aside id="side" class="side" aria-label={boardText.side.open}>
      <section class="totals" aria-labelledby="totals">
        <header class="side-head">
          <h2 id="totals">{boardText.side.totals}</h2>
          <button type="button" class="quiet icon-button" aria-label={text.action.close} onClick={() => (side.value = "closed")}>
            <Icon name="close" />
          </button>
        </header>
        {totals.length === 0 && <p class="none">{boardText.side.nothing}</p>}
        <ul>
          {totals.map(({ name, quantity, options }) => (
            <li key={name}>
              <b>{quantity} ×</b>
              <span>
                <bdi class="total-name">{name}</bdi>
                {options.map((option) => (
                  <span key={option.name} class="total-option">
                    {option.quantity} × <bdi>{option.name}</bdi>
                  </span>
                ))}
              </span>
            </li>
          ))}
        </ul>
      </section>
      <RecentList actions={actions} onReopen={onReopen} />
    </aside>
  );
}
