// Browser tests: real pages in a real browser against a whole shop of their own. See tests/support/comanda.ts.

import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: "tests",
  outputDir: "../../target/browser-tests",
  // Each test starts its own shop, so all of them may run at once.
  fullyParallel: true,
  workers: 2,
  forbidOnly: true,
  retries: 0,
  // Each state is examined in two languages, by day and by night.
  timeout: 120_000,
  globalTimeout: 2_700_000,
  // Generous: a slow machine is not a failure. What is asserted is that things happen, not how fast.
  expect: { timeout: 20_000 },
  reporter: [["list", { printSteps: false }]],
  use: {
    browserName: "chromium",
    actionTimeout: 20_000,
    // It would answer where a test wants to see the shop; those that are about it allow it.
    serviceWorkers: "block",
    trace: "retain-on-failure",
    launchOptions: {
      // The distribution's browser; none is ever downloaded.
      executablePath: process.env["COMANDA_CHROMIUM"] ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
