// The service worker of one page, which `?page=` names: it keeps the files of one release and opens the page from them,
// so that a page starts at once, without the shop too, and never from the files of two releases. It keeps nothing else:
// calls and pictures go past it. A newer one waits until the page says that it may take over (lib/release).

import { createHandlerBoundToURL, precacheAndRoute } from "workbox-precaching";
import { registerRoute } from "workbox-routing";

const FILES = "__FILES__" as unknown as Record<string, string[]>;
const RELEASE = "__RELEASE__";
const ADDRESSES: Record<string, string[]> = { "index.html": ["/", "/acompanhar"] };

const worker = self as unknown as { location: Location; skipWaiting(): Promise<void> };
const page = `${new URL(worker.location.href).searchParams.get("page")}.html`;
const addresses = ADDRESSES[page] ?? [`/${page.replace(".html", "")}`];

// What lies below /assets has its content in its name.
precacheAndRoute(
  (FILES[page] ?? []).map((name) => ({ url: `/${name}`, revision: name.startsWith("assets/") ? null : RELEASE })),
  { cleanURLs: false, directoryIndex: "" },
);
registerRoute(
  ({ request, url }) => request.mode === "navigate" && addresses.includes(url.pathname.replace(/(.)\/$/, "$1")),
  createHandlerBoundToURL(`/${page}`),
);

addEventListener("message", ({ data }) => {
  if (data === "take over") void worker.skipWaiting();
});
