// The shop's menu as this page holds it. Apart from what keeps it current, so that a screen that can be seen without a menu
// need not wait for that.

import type { ConnectError } from "@connectrpc/connect";
import { signal } from "@preact/signals";
import type { Menu } from "./resolve.ts";

/** How far the menu held, if any, can be trusted. */
export type MenuHealth =
  | { state: "loading" }
  | { state: "current" }
  /** The server says that it may be older than usual. */
  | { state: "stale" }
  | { state: "offline" }
  /** The server answers, but its stream does not get through. */
  | { state: "held" }
  | { state: "failed"; error: ConnectError }
  | { state: "unknownShop" };

export const menu = signal<Menu | null>(null);
export const menuHealth = signal<MenuHealth>({ state: "loading" });
/** When the menu held was last confirmed, by the server's clock. */
export const menuTime = signal(0);
