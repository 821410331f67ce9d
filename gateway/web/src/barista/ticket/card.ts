// What every card of a ticket gets.

import type { Ticket } from "../../gen/comanda/kitchen/v1/ticket_pb.ts";
import type { ServerClock } from "../../lib/time/clock.ts";
import type { Actions } from "../actions.ts";
import type { Step } from "../board/undo.ts";
import type { Kind } from "../news/news.ts";

export interface CardProps {
  ticket: Ticket;
  clock: ServerClock;
  /** For the shop's answer. */
  waits: boolean;
  /** Tapped or moved a moment ago: takes no tap yet. */
  rests: boolean;
  /** What can be undone at the card. */
  step: Step | undefined;
  /** What is new of it. */
  glow: Kind | undefined;
  /** Where the keyboard enters the board. */
  isFirst: boolean;
  actions: Actions;
  onOpen(ticket: Ticket): void;
}

export function classOf({ rests, glow }: Pick<CardProps, "rests" | "glow">): string {
  return ["ticket", rests && "rests", glow && `glow-${glow}`].filter(Boolean).join(" ");
}
