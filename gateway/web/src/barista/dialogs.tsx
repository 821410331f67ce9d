// All dialogs of the board, which are fetched once it is live: none of them is needed to see it.

import type { Ticket } from "../gen/comanda/kitchen/v1/ticket_pb.ts";
import type { Actions } from "./actions.ts";
import { MenuDialog } from "./bar/MenuDialog.tsx";
import { StationsDialog } from "./bar/StationsDialog.tsx";
import { HelpDialog } from "./keys/HelpDialog.tsx";
import { PauseDialog } from "./pause/PauseDialog.tsx";
import { WhoDialog } from "./person/WhoDialog.tsx";
import { ReopenDialog } from "./recent/ReopenDialog.tsx";
import type { Recent } from "./recent/stored.ts";
import { StockDialog } from "./stock/StockDialog.tsx";
import { TicketDialog } from "./ticket/TicketDialog.tsx";

export type Opened = "menu" | "who" | "stock" | "pause" | "stations" | "help" | { ticket: Ticket } | { reopen: Recent };

interface Props {
  open: Opened;
  actions: Actions;
  onOpen(what: Opened): void;
  onClose(what: Opened): void;
}

export function Dialogs({ open, actions, onOpen, onClose: onCloseOf }: Props) {
  const onClose = () => onCloseOf(open);
  if (typeof open === "object") {
    if ("ticket" in open) return <TicketDialog ticket={open.ticket} onCancel={actions.cancel} onClose={onClose} />;
    return <ReopenDialog one={open.reopen} actions={actions} onClose={onClose} />;
  }
  switch (open) {
    case "menu":
      return <MenuDialog onOpen={onOpen} onClose={onClose} />;
    case "who":
      return <WhoDialog onClose={onClose} />;
    case "stock":
      return <StockDialog onClose={onClose} />;
    case "pause":
      return <PauseDialog onClose={onClose} />;
    case "help":
      return <HelpDialog onClose={onClose} />;
    case "stations":
      return <StationsDialog onClose={onClose} />;
  }
}
