// Figures, not verdicts: what they measure depends on the machine, so nothing here can fail for being slow.

import tests from "./playwright.config.ts";

// A trace takes a picture of the page at each change of it: by the page's own processor.
const use = { ...tests.use, trace: "off" as const };

export default { ...tests, testDir: "measure", workers: 1, timeout: 300_000, use };
