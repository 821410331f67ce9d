// The shop's menu, kept current by WatchMenu. Where something between here and the shop holds streams back, it is asked
// for instead, now and then.

import { create } from "@bufbuild/protobuf";
import { createClient } from "@connectrpc/connect";
import { effect } from "@preact/signals";
import {
  CatalogService,
  WatchMenuResponseSchema,
  type WatchMenuResponse,
} from "../../gen/comanda/catalog/v1/catalog_service_pb.ts";
import { hasEarly } from "../call/early.ts";
import { reasonOf } from "../call/errors.ts";
import { hearCurrency } from "../text/money.ts";
import { menu, menuHealth, menuTime, type MenuHealth } from "./held.ts";
import { resolve, type Menu } from "./resolve.ts";
import { hasServerTime, hearServerTime, serverNow } from "../time/server_time.ts";
import { SHOP } from "../shop.ts";
import { transport } from "../call/transport.ts";
import { shared, type Stream } from "../call/share/shared.ts";
import { shopOffsets } from "../time/zone.ts";
import { keepWatching, type Attempt, type Health, type Watch } from "../call/watch.ts";

export { menu, menuHealth, menuTime, type MenuHealth };

/** Heartbeats come every 5 s; two missed ones mean that the menu may be old. */
const SILENCE_MS = 11_000;

const client = createClient(CatalogService, transport);
let watch: Watch | null = null;
let stale = false;
/** What was last told of the menu, for tabs that come later. */
let told: WatchMenuResponse | null = null;
/** Settled once the question is that was asked before these scripts were here; null where none was. */
let early: Promise<unknown> | null = null;

/** Takes what was told, if it is news. */
function hear(message: WatchMenuResponse): void {
  if (message.menu) told = message;
  const held = menu.peek();
  // A replica that cannot ask the database may be behind. One that can is right, even if it goes back.
  const isNews = message.menu && (!message.stale || message.menu.version > (held?.version ?? -1n));
  if (isNews) hold(resolve(message.menu!, held));
  stale = message.stale;
  if (!stale) menuTime.value = serverNow();
}

/** Asks once, beside the stream, and gives the menu as it is now. */
export async function askMenu(): Promise<Menu | null> {
  const request = { shopId: SHOP, knownVersion: menu.peek()?.version ?? 0n };
  const { menu: asked, stale } = await client.getMenu(request, { onHeader: hearServerTime });
  hear(create(WatchMenuResponseSchema, { stale, ...(asked && { menu: asked }) }));
  return menu.peek();
}

const stream: Stream<typeof WatchMenuResponseSchema> = {
  name: `WatchMenu ${SHOP}`,
  schema: WatchMenuResponseSchema,
  open: async function* (signal) {
    // Otherwise the menu would come twice.
    await early;
    const request = { shopId: SHOP, knownVersion: told?.menu?.version ?? 0n };
    yield* client.watchMenu(request, { signal, onHeader: hearServerTime });
  },
  state: () => (told ? [told] : []),
};

async function visit({ signal, current }: Attempt): Promise<boolean> {
  for await (const { message, ageMs } of shared(stream, signal)) {
    hear(message);
    // What another tab hands on has no head.
    if (!hasServerTime()) void askMenu().catch(() => undefined);
    current(ageMs);
    // The watch does not tell twice that it lives.
    judge({ state: "live" });
  }
  return false;
}

function hold(next: Menu): void {
  hearCurrency(next.currencyCode, next.currencyDigits);
  shopOffsets.value = next.utcOffsets;
  menu.value = next;
}

function judge(health: Health): void {
  const next = healthOf(health);
  if (next && (next.state !== menuHealth.peek().state || next.state === "failed")) menuHealth.value = next;
}

/** Null when nothing new is known. */
function healthOf(health: Health): MenuHealth | null {
  switch (health.state) {
    case "live":
      return { state: stale ? "stale" : "current" };
    case "refused":
      return { state: "unknownShop" };
    case "lost":
      if (health.held) return { state: "held" };
      // A replica that stops says so, and the next one answers within a second: no reason to alarm anybody.
      if (menu.peek() && health.tries < 2 && reasonOf(health.error) === "DRAINING") return null;
      return health.error ? { state: "failed", error: health.error } : { state: "offline" };
    default:
      return null;
  }
}

export function tryMenuNow(): void {
  watch?.tryNow();
}

export function followMenu(): () => void {
  // Where it fails, the stream is told the same, and says it.
  if (hasEarly()) early = askMenu().catch(() => undefined);
  const start = () => {
    const mine = keepWatching(visit, { silenceMs: SILENCE_MS, ask: askMenu });
    const unlisten = effect(() => judge(mine.health.value));
    const stop = () => {
      unlisten();
      mine.stop();
      watch = null;
    };
    watch = { ...mine, stop };
  };
  // A page that nobody sees gives its connection back: browsers have few, and a phone sleeps better. Without a menu it
  // goes on, so that a tab opened behind has one.
  const seen = () => {
    if (document.visibilityState === "visible") {
      if (!watch) start();
    } else if (menu.peek()) watch?.stop();
  };
  // The browser knows at once; silence would tell only later.
  const offline = () => (menuHealth.value = { state: "offline" });
  const online = () => {
    watch?.stop();
    start();
  };
  document.addEventListener("visibilitychange", seen);
  addEventListener("offline", offline);
  addEventListener("online", online);
  start();
  return () => {
    document.removeEventListener("visibilitychange", seen);
    removeEventListener("offline", offline);
    removeEventListener("online", online);
    watch?.stop();
  };
}
