// Numbers and names, as many as fit; the others on pages that turn by themselves, since nobody scrolls a panel on the
// wall. A new call is on the first page, and the first page comes at once.

import { timestampMs } from "@bufbuild/protobuf/wkt";
import { useRef } from "preact/hooks";
import type { Ticket } from "../gen/comanda/kitchen/v1/ticket_pb.ts";
import { seconds, type ServerClock } from "../lib/time/clock.ts";
import { staffText } from "../lib/text/staff_text.ts";
import { text } from "../lib/text/text.ts";
import { Icon, type IconName } from "../ui/Icon.tsx";
import { useCapacity } from "./useCapacity.ts";

const PAGE_MS = 6_000;
/** So long a call is new. */
const NEW_MS = 8_000;

interface Props {
  kind: "preparing" | "ready";
  icon: IconName;
  none: string;
  /** Newest call first. */
  tickets: readonly Ticket[];
  clock: ServerClock;
}

export function NumberList({ kind, icon, none, tickets, clock }: Props) {
  const list = useRef<HTMLUListElement>(null);
  const capacity = useCapacity(list, tickets.length);
  const pages = Math.max(1, Math.ceil(tickets.length / capacity));
  const page = usePage(pages, tickets[0]?.orderId);
  const shown = pages === 1 ? tickets : tickets.slice(page * capacity, (page + 1) * capacity);
  const now = clock.at(seconds.value);
  const isNew = ({ updateTime }: Ticket) => now !== null && updateTime && now - timestampMs(updateTime) < NEW_MS;
  return (
    <section class={kind} aria-labelledby={kind}>
      <h1 id={kind}>
        <Icon name={icon} />
        {text.states[kind]} {pages > 1 && <span class="more">{staffText.panel.page(page + 1, pages, tickets.length)}</span>}
      </h1>
      {tickets.length === 0 && <p class="none">{none}</p>}
      {/* Pages that turn are no news. */}
      <ul ref={list} aria-live={kind === "ready" && pages === 1 ? "polite" : "off"}>
        {shown.map((ticket) => (
          <li key={ticket.orderId} class={isNew(ticket) ? "is-new" : undefined}>
            <b>{ticket.number.toString()}</b>
            <span>
              <bdi>{ticket.customerName}</bdi>
            </span>
          </li>
        ))}
      </ul>
      {kind === "ready" && pages > 1 && (
        <p class="hidden" role="status">
          {tickets[0]?.number.toString()} {tickets[0]?.customerName}
        </p>
      )}
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
