// The refresh token, kept where every tab reads at once what another has written. localStorage will not do: there a tab may
// go on reading what has been replaced, and a refresh token used twice ends its session.

import { del, get, set } from "idb-keyval";

const KEY = "comanda.refresh_token";

/** For browsers that keep nothing: then it lives as long as the page. */
let fallback: string | null = null;

export async function keptToken(): Promise<string | null> {
  try {
    return (await get<string>(KEY)) ?? fallback;
  } catch {
    return fallback;
  }
}

export async function keepToken(token: string | null): Promise<void> {
  fallback = null;
  try {
    await (token === null ? del(KEY) : set(KEY, token));
  } catch {
    fallback = token;
  }
}

let last: Promise<unknown> = Promise.resolve();

/** One at a time: across tabs where the browser can, which is by https and on localhost; else within this one. */
export function alone<T>(work: () => Promise<T>): Promise<T> {
  const locks = navigator.locks as LockManager | undefined;
  const mine = last.catch(() => undefined).then(() => (locks ? locks.request(KEY, work) : work()));
  last = mine;
  return mine as Promise<T>;
}
