// Numbers and names, as many as fit; the others on pages that turn by themselves, since nobody scrolls a panel on the
// wall. A new call is on the first page, and the first page comes at once.

import { useRef } from "preact/hooks";
import type { Ticket } from "../gen/comanda/kitchen/v1/ticket_pb.ts";
import { seconds } from "../lib/time/clock.ts";
import { staffText } from "../lib/text/staff_text.ts";
import { text } from "../lib/text/text.ts";
import { Icon, type IconName } from "../ui/Icon.tsx";
import { useCapacity } from "./useCapacity.ts";

const PAGE_MS = 6_000;
/** So many numbers are shown as large as the screen allows. */
const FEW = 4;

interface Props {
  kind: "preparing" | "ready";
  icon: IconName;
  none: string;
  /** Newest call first. */
  tickets: readonly Ticket[];
}

export function NumberList({ kind, icon, none, tickets }: Props) {
  const list = useRef<HTMLUListElement>(null);
  const capacity = useCapacity(list, tickets.length);
  const pages = Math.max(1, Math.ceil(tickets.length / capacity));
  const page = usePage(pages, tickets[0]?.orderId);
  const shown = pages === 1 ? tickets : tickets.slice(page * capacity, (page + 1) * capacity);
  return (
    <section class={tickets.length <= FEW ? `${kind} is-few` : kind} aria-labelledby={kind}>
      <h1 id={kind}>
        <Icon name={icon} />
        {text.states[kind]} {pages > 1 && <span class="more">{staffText.panel.page(page + 1, pages, tickets.length)}</span>}
      </h1>
      {tickets.length === 0 && <p class="none">{none}</p>}
      <ul ref={list}>
        {shown.map((ticket) => (
          <li key={ticket.orderId}>
            <b>{ticket.number.toString()}</b>
            <span>
              <bdi>{ticket.customerName}</bdi>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Turns on from the first, which a new call brings back. */
function usePage(pages: number, first: string | undefined): number {
  const begun = useRef({ first, at: seconds.peek() });
  if (begun.current.first !== first) begun.current = { first, at: seconds.peek() };
  if (pages === 1) return 0;
  return Math.floor(Math.max(0, seconds.value - begun.current.at) / PAGE_MS) % pages;
}
