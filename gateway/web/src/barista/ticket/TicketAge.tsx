// How long a ticket has waited, by the server's clock: a tablet's own may be wrong. Colour, icon and words say the
// same, so that no single one has to be seen.

import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { Ticket } from "../../gen/comanda/kitchen/v1/ticket_pb.ts";
import { OrderState } from "../../gen/comanda/type/v1/order_state_pb.ts";
import { ageOf, wholeMinutes, type Age } from "../../lib/time/age.ts";
import { seconds, type ServerClock } from "../../lib/time/clock.ts";
import { staffText } from "../../lib/text/staff_text.ts";
import { Icon, type IconName } from "../../ui/Icon.tsx";

const ICONS: Record<Age["level"], IconName> = { ok: "clock", warn: "hourglass", late: "alert" };

export function TicketAge({ ticket, clock }: { ticket: Ticket; clock: ServerClock }) {
  const now = clock.at(seconds.value);
  if (now === null || !ticket.acceptTime) return null;
  // The kitchen's part is done: what counts now is how long it has been waiting at the counter.
  if (ticket.state === OrderState.READY && ticket.updateTime) {
    const minutes = wholeMinutes(timestampMs(ticket.updateTime), now);
    return <Chip level="ok" icon="bell" words={staffText.board.age.ready(minutes)} />;
  }
  const { level, minutes, lateBy } = ageOf(timestampMs(ticket.acceptTime), now);
  const words = level === "late" ? staffText.board.age.late(lateBy) : staffText.board.age[level](minutes);
  return <Chip level={level} icon={ICONS[level]} words={words} />;
}

function Chip({ level, icon, words }: { level: Age["level"]; icon: IconName; words: string }) {
  return (
    <span class={`age age-${level}`}>
      <Icon name={icon} />
      {words}
    </span>
  );
}
