// A device is paired once, so the form is fetched when it is needed.

import { lazily } from "../../lib/lazily.tsx";

export const PairForm = lazily(async () => (await import("./PairForm.tsx")).PairForm);
