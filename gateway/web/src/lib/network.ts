// Where the shop is found, as the gateway tells it: the customers' address, and where staff's devices come by TLS when the
// shop has a network of its own.

import { signal } from "@preact/signals";

export interface Network {
  /** Without a slash at its end; absent where nobody has told the gateway. */
  customers?: string;
  lan?: Lan;
}

export interface Lan {
  /** Where staff's devices come. */
  staff: string;
  /** The same by address, the most likely first. */
  byAddress: string[];
  /** The SHA-256 of the CA's certificate. */
  fingerprint: string;
}

/** Null until it is known. */
export const network = signal<Network | null>(null);

/** Rejects when the shop is out of reach. */
export async function askNetwork(): Promise<void> {
  const reply = await fetch("/network.json");
  if (!reply.ok) throw new Error(`network.json: ${reply.status}`);
  network.value = (await reply.json()) as Network;
}

/** Where a device of the shop is to be sent from a page of this origin. */
export function staffOrigin(known: Network | null, own: string): string {
  return known?.lan?.staff ?? known?.customers ?? own;
}

/** Where a device learns whom to trust: by the address that warns nobody. Null where there is nothing to do. */
export function trustPage(known: Network | null): string | null {
  return known?.lan && known.customers ? `${known.customers}/confiar` : null;
}
