// Figures, not verdicts: what they measure depends on the machine, so nothing here can fail for being slow.

import tests from "./playwright.config.ts";

export default { ...tests, testDir: "measure", workers: 1, timeout: 300_000 };
