// What a screen of the shop shows to be let in: a device's credential, or the token of a person. It arrives in the
// fragment, which browsers never send anywhere, and leaves the address bar and the history at once.

import { signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { read, remove, write } from "../storage.ts";
import { ofFragment } from "./given.ts";

export interface Credential {
  token: ReadonlySignal<string | null>;
  /** A pairing code that came with the address, until it is used. */
  code: Signal<string | null>;
  keep(token: string): void;
  forget(): void;
}

/** `or`: whose credential does as well where this screen has none of its own. */
export function openCredential(key: string, or?: string): Credential {
  const token = signal<string | null>(read(key) ?? (or ? read(or) : null));
  const code = signal<string | null>(null);

  function keep(given: string): void {
    write(key, given);
    token.value = given;
  }

  function forget(): void {
    remove(key);
    token.value = null;
  }

  function takeFromAddress(): void {
    const given = ofFragment(takeFragment());
    if (given?.as === "token") keep(given.secret);
    if (given?.as === "code") code.value = given.secret;
  }

  takeFromAddress();
  addEventListener("hashchange", takeFromAddress);
  return { token, code, keep, forget };
}

/** What follows the `#`, which is gone from then on. */
export function takeFragment(): string {
  const fragment = location.hash.slice(1);
  if (fragment) history.replaceState(null, "", location.pathname + location.search);
  return fragment;
}
