import { readFileSync } from "node:fs";
import { defineConfig, type Plugin } from "vite";
import { release } from "./build/release.ts";

const gateway = process.env.COMANDA_GATEWAY ?? "http://127.0.0.1:8080";

/** What several pages share, but not the menu, which shall be small. */
const NOT_FOR_THE_MENU =
  /barista|staff_|board_|lib.staff|lib.menu.stations|follow|kitchen|transition|catalog_admin|identity|mesh|ui.access|live_board|lib.board|uqr|QrCode|qr_path|lib.sound|text.states|WatchMessage|StatusPill|orders.v1|ui.(Dialog|Field|Stepper)|checkout.place\./;

const isShared = (id: string) => !NOT_FOR_THE_MENU.test(id);

/** What the menu needs to be seen, but not the board, which shall be small as well. */
const FOR_THE_MENU =
  /src.customer|catalog.v1.(catalog_service|menu)_pb|lib.text.money|lib.menu.(menu|resolve|search|spoken|translated)\.|lib.brand|ui.(LanguageSwitch|LazyList|SearchField|TopBar)|time_words|NoMenu/;

/** The pages speak binary grpc-web only, so what reads and writes messages as JSON would be downloaded for nothing. */
const withoutProtobufJson: Plugin = {
  name: "without-protobuf-json",
  apply: "build",
  load(id) {
    if (!/@bufbuild\/protobuf\/dist\/esm\/(from|to)-json\.js$/.test(id)) return;
    const names = [...readFileSync(id, "utf8").matchAll(/^export function (\w+)/gm)].map(([, name]) => name);
    const never = `const never = () => { throw new Error("JSON is not built in"); };`;
    return [never, ...names.map((name) => `export const ${name} = never;`)].join("\n");
  },
};

export default defineConfig({
  plugins: [withoutProtobufJson, release],
  build: {
    rolldownOptions: {
      input: ["index.html", "acompanhar.html", "barista.html", "painel.html", "status.html", "equipe.html", "ui.html", "src/worker/sw.ts"],
      // Two files for what pages share: many small ones are larger when compressed, and each costs a round trip.
      output: {
        // A worker rules what lies beside it and below.
        entryFileNames: ({ name }) => (name === "sw" ? "sw.js" : "assets/[name]-[hash].js"),
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            { name: "shared", test: (id) => isShared(id) && !FOR_THE_MENU.test(id), minShareCount: 2 },
            { name: "board", test: /src.barista/, tags: ["$initial"] },
            { name: "menu", test: (id) => isShared(id) && FOR_THE_MENU.test(id), minShareCount: 2 },
          ],
        },
      },
    },
    // The gateway's content security policy is `default-src 'self'`: no inline script, no data: addresses.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
  // `npm run dev` shows the pages with live reload; calls go to a running gateway.
  server: { proxy: { "^/comanda\\.": gateway } },
});
