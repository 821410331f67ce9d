// Which numbers are called: those that become ready while the panel looks, each for four seconds, up to four at once.

import { useEffect, useRef, useState } from "preact/hooks";
import type { Ticket } from "../gen/comanda/kitchen/v1/ticket_pb.ts";
import { chime } from "../lib/sound/chime.ts";

const CALL_MS = 4_000;
const AT_ONCE = 4;

/** Of the ready ones, those that were not ready before; none when the panel has just begun to look. */
export function newlyReady<T extends { orderId: string }>(before: ReadonlySet<string> | null, ready: readonly T[]): T[] {
  return before ? ready.filter(({ orderId }) => !before.has(orderId)) : [];
}

/** Those called now. `isCurrent` is false while the panel shows old news: what comes after a silence is one call. */
export function useCalls(ready: readonly Ticket[] | null, isCurrent: boolean): readonly Ticket[] {
  const before = useRef<ReadonlySet<string> | null>(null);
  const [waiting, setWaiting] = useState<readonly Ticket[]>([]);
  useEffect(() => {
    if (!ready || !isCurrent) return;
    const calls = newlyReady(before.current, ready);
    before.current = new Set(ready.map(({ orderId }) => orderId));
    const still = ({ orderId }: Ticket) => before.current!.has(orderId);
    setWaiting((waiting) => [...waiting.filter(still), ...calls]);
  }, [ready, isCurrent]);

  const called = waiting.slice(0, AT_ONCE);
  const which = called.map(({ orderId }) => orderId).join();
  useEffect(() => {
    if (!which) return;
    chime("ready");
    const timer = setTimeout(() => setWaiting((waiting) => waiting.slice(which.split(",").length)), CALL_MS);
    return () => clearTimeout(timer);
  }, [which]);
  return called;
}
