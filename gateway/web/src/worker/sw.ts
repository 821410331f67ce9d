// The service worker of one page, which `?page=` names: it keeps the files of one release and opens the page from them,
// so that a page starts at once, without the shop too, and never from the files of two releases. It keeps nothing else:
// calls and pictures go past it. A newer one waits until the page says that it may take over (lib/release).

import { createHandlerBoundToURL, precacheAndRoute } from "workbox-precaching";
import { registerRoute } from "workbox-routing";

const FILES = "__FILES__" as unknown as Record<string, string[]>;
const RELEASE = "__RELEASE__";
/** What each worker opens, and by which file. A customer has one for menu and orders. */
const PAGES: Record<string, Record<string, string>> = { "": { "/": "index.html", "/acompanhar": "acompanhar.html" } };

const worker = self as unknown as { location: Location; skipWaiting(): Promise<void> };
const name = new URL(worker.location.href).searchParams.get("page") ?? "";
const pages = PAGES[name] ?? { [`/${name}`]: `${name}.html` };
const files = new Set(Object.values(pages).flatMap((page) => FILES[page] ?? []));

// What lies below /assets has its content in its name.
precacheAndRoute(
  [...files].map((file) => ({ url: `/${file}`, revision: file.startsWith("assets/") ? null : RELEASE })),
  { cleanURLs: false, directoryIndex: "" },
);
for (const [address, page] of Object.entries(pages)) {
  const isIt = ({ pathname }: URL) => pathname.replace(/(.)\/$/, "$1") === address;
  registerRoute(({ request, url }) => request.mode === "navigate" && isIt(url), createHandlerBoundToURL(`/${page}`));
}

addEventListener("message", ({ data }) => {
  if (data === "take over") void worker.skipWaiting();
});
