import { defineConfig } from "vite";
import { atStart, buildApp, environments } from "./build/bundles.ts";
import { page } from "./build/page.ts";
import { protobuf } from "./build/protobuf.ts";

const gateway = process.env.COMANDA_GATEWAY ?? "http://127.0.0.1:8080";

/** A worker rules what lies beside it and below; a page does without what is early, should another gateway not have it. */
const AT_THE_ROOT = ["sw", "early"];

export default defineConfig(({ command }) => ({
  plugins: [protobuf, page],
  ...(command === "build" && { environments, builder: { buildApp } }),
  build: {
    rolldownOptions: {
      output: {
        entryFileNames: ({ name }) => (AT_THE_ROOT.includes(name) ? "[name].js" : "assets/[name]-[hash].js"),
        codeSplitting: { groups: [atStart] },
      },
    },
    // The gateway's content security policy is `default-src 'self'`: no inline script, no data: addresses.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
  // `npm run dev` shows the pages with live reload; calls go to a running gateway.
  server: { proxy: { "^/comanda\\.": gateway, "/network.json": gateway } },
}));
