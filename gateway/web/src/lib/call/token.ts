// Access tokens of the shop's own screens. They arrive in the fragment, which browsers never send anywhere, and leave
// the address bar at once.

import { signal, type ReadonlySignal } from "@preact/signals";
import { read, remove, write } from "../storage.ts";

export interface TokenStore {
  token: ReadonlySignal<string | null>;
  /** False when it cannot be a token. */
  keep(token: string): boolean;
  forget(): void;
}

export function openTokenStore(key: string): TokenStore {
  const token = signal<string | null>(read(key));

  function keep(given: string): boolean {
    const trimmed = given.trim();
    if (!/^[\x21-\x7e]+$/.test(trimmed)) return false; // It must fit into a header.
    write(key, trimmed);
    token.value = trimmed;
    return true;
  }

  function takeFromAddress(): void {
    const given = location.hash.slice(1);
    if (!given) return;
    keep(given);
    history.replaceState(null, "", location.pathname + location.search);
  }

  takeFromAddress();
  addEventListener("hashchange", takeFromAddress);
  const forget = () => {
    remove(key);
    token.value = null;
  };
  return { token, keep, forget };
}
