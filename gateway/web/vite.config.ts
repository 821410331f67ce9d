import { defineConfig } from "vite";
import { atStart, buildApp, environments } from "./build/bundles.ts";
import { page } from "./build/page.ts";
import { protobuf } from "./build/protobuf.ts";

const gateway = process.env.COMANDA_GATEWAY ?? "http://127.0.0.1:8080";

export default defineConfig(({ command }) => ({
  plugins: [protobuf, page],
  ...(command === "build" && { environments, builder: { buildApp } }),
  build: {
    rolldownOptions: {
      output: {
        // A worker rules what lies beside it and below.
        entryFileNames: ({ name }) => (name === "sw" ? "sw.js" : "assets/[name]-[hash].js"),
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
