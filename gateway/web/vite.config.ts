import { defineConfig } from "vite";
import { page } from "./build/page.ts";
import { protobuf } from "./build/protobuf.ts";
import { release } from "./build/release.ts";

const gateway = process.env.COMANDA_GATEWAY ?? "http://127.0.0.1:8080";

/** As many as there are pages that people use, and one more: what is fetched later counts as a page, too. */
const EVERY_PAGE = 8;
/** Shared by much that is fetched later, and not by every page at its start. */
const SELDOM = /identity|ui.(Dialog|Field|Stepper)|staff_|lib.staff|lib.menu|catalog.v1|text.money|lib.time.hours/;

/** Wanted by most pages. */
const SMALL = /lib.(brand|lazily)|useTitle|state.(Countdown|RateLimited|UnknownShop|time_words)|lib.menu.(held|translated)|text.(states|money)|lib.time.hours/;

const CATALOG = { name: "catalog", test: /lib.menu.(menu|search|spoken)|ui.state.NoMenu/ };
const CUSTOMER = { name: "customer", test: /customer.(ShopHead|store|own_orders|basket.(basket|pricing))/ };
const MENU = {
  name: "menu",
  test: /customer.(menu.shop_status|checkout.(placing|table)|product.(Picture|drawings|allergens)|basket.(quoted|wait_words))|ui.(SearchField|LazyList)|wkt.duration/,
};
const BOARD = { name: "board", test: /src.barista/ };
const AT_ONCE = { tags: ["$initial" as const], includeDependenciesRecursively: false };

export default defineConfig({
  plugins: [protobuf, page, release],
  build: {
    rolldownOptions: {
      input: [
        ...["index", "acompanhar", "barista", "painel", "status", "equipe", "confiar", "ui"].map((page) => `${page}.html`),
        "src/worker/sw.ts",
      ],
      output: {
        // A worker rules what lies beside it and below.
        entryFileNames: ({ name }) => (name === "sw" ? "sw.js" : "assets/[name]-[hash].js"),
        // One file for what all pages share: many small ones are larger when compressed, and each costs a round trip.
        codeSplitting: {
          groups: [
            { name: "shared", test: (id) => !SELDOM.test(id), minShareCount: EVERY_PAGE },
            // So small that files of their own would be larger.
            { name: "small", test: SMALL, tags: ["$initial"] },
            // What a page needs at once, though what is fetched later needs some of it, too.
            ...[CATALOG, CUSTOMER, MENU, BOARD].map((group) => ({ ...group, ...AT_ONCE })),
          ],
        },
      },
    },
    // The gateway's content security policy is `default-src 'self'`: no inline script, no data: addresses.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
  // `npm run dev` shows the pages with live reload; calls go to a running gateway.
  server: { proxy: { "^/comanda\\.": gateway, "/network.json": gateway } },
});
