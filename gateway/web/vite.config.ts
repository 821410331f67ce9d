import { readFileSync } from "node:fs";
import { defineConfig, type Plugin } from "vite";

const gateway = process.env.COMANDA_GATEWAY ?? "http://127.0.0.1:8080";

/** What several pages share, but not the menu, which shall be small. */
const NOT_FOR_THE_MENU =
  /staff_|lib.staff|lib.menu.stations|follow|kitchen|transition|catalog_admin|identity|mesh|ui.access|live_board|lib.board|text.states|WatchMessage|StatusPill|lib.network|InsecureContext|QrCode|qr_path|uqr/;

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
  plugins: [withoutProtobufJson],
  build: {
    rolldownOptions: {
      input: ["index.html", "barista.html", "painel.html", "status.html", "equipe.html", "confiar.html"],
      // One file for what pages share: many small ones are larger when compressed, and each costs a round trip.
      output: {
        codeSplitting: { groups: [{ name: "shared", test: (id) => !NOT_FOR_THE_MENU.test(id), minShareCount: 2 }] },
      },
    },
    // The gateway's content security policy is `default-src 'self'`: no inline script, no data: addresses.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
  // `npm run dev` shows the pages with live reload; calls go to a running gateway.
  server: { proxy: { "^/comanda\\.": gateway, "/network.json": gateway } },
});
