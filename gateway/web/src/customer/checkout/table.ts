// The table at which the customer sits, as the code on it says: `?mesa=12`. For this tab, so also when the customer comes
// back from an order to the menu; whoever opens the page at another place is not taken for sitting there.

import { signal } from "@preact/signals";
import { shopKey } from "../../lib/shop.ts";

export const TABLE_LENGTH = 20;
const TABLE = shopKey("comanda.table");

/** Empty where no code has told. */
export const table = signal(takeFromAddress() ?? read());

export function keepTable(next: string): void {
  table.value = next;
  try {
    sessionStorage.setItem(TABLE, next);
  } catch {
    // Forbidden or full: then it lasts as long as the page.
  }
}

/** Off the address once taken: otherwise a reload would undo a later choice. */
function takeFromAddress(): string | null {
  const address = new URL(location.href);
  const told = address.searchParams.get("mesa")?.trim().slice(0, TABLE_LENGTH);
  if (!address.searchParams.has("mesa")) return null;
  address.searchParams.delete("mesa");
  history.replaceState(history.state, "", address);
  try {
    sessionStorage.setItem(TABLE, told ?? "");
  } catch {
    // As above.
  }
  return told ?? null;
}

function read(): string {
  try {
    return sessionStorage.getItem(TABLE) ?? "";
  } catch {
    return "";
  }
}
