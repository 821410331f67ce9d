import { defineConfig } from "vite";

const gateway = process.env.COMANDA_GATEWAY ?? "http://127.0.0.1:8080";

export default defineConfig({
  build: {
    rolldownOptions: { input: ["index.html", "barista.html", "painel.html"] },
    // The gateway's content security policy is `default-src 'self'`: no inline script, no data: addresses.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
  // `npm run dev` shows the pages with live reload; calls go to a running gateway.
  server: { proxy: { "^/comanda\\.": gateway } },
});
