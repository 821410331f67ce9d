// What every page has in common, written once: whatever a page's own HTML has in its head comes after it.

import type { Plugin } from "vite";

const HEAD = `<head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="theme-color" content="#faf6f0" media="(prefers-color-scheme: light)" />
    <meta name="theme-color" content="#14110f" media="(prefers-color-scheme: dark)" />
    <!-- Addresses carry tokens in the fragment. -->
    <meta name="referrer" content="no-referrer" />
    <meta name="comanda-release" content="__RELEASE__" />
    <script src="/boot.js"></script>
    <link rel="apple-touch-icon" href="/icons/apple-180.png" />
    <link rel="icon" href="/src/ui/icon.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="/src/styles/tokens.css" />
    <link rel="stylesheet" href="/src/styles/base.css" />
    <link rel="stylesheet" href="/src/styles/parts.css" />
    <link rel="stylesheet" href="/src/styles/dialog.css" />`;

const BODY = `<body>
    <div id="release"></div>
    <div id="app"></div>
    <noscript>Esta página precisa de JavaScript. <span lang="en">This page needs JavaScript.</span></noscript>
  </body>`;

/** Built apart (build/bundles.ts), so it is only there once it is built; the page does without. */
const EARLY = /\s*<script async vite-ignore src="\/early.js"><\/script>/;

export const page: Plugin = {
  name: "page",
  transformIndexHtml: {
    order: "pre",
    handler: (html, { server }) => {
      const whole = html.replace("<head>", HEAD).replace("<body></body>", BODY);
      return server ? whole.replace(EARLY, "") : whole;
    },
  },
};
