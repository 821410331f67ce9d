// Shows a page in the language of whoever looks at it, and with it the offer of a newer release.

import type { ComponentChild } from "preact";
import { render } from "preact";
import { NewRelease } from "../ui/NewRelease.tsx";
import { watchRelease } from "./release/release.ts";
import { adoptLanguage } from "./text/language.ts";

interface Options {
  /** Nobody touches it: it follows a newer release by itself. */
  unattended?: boolean;
}

export async function show(page: ComponentChild, { unattended = false }: Options = {}): Promise<void> {
  // Waited for here and not by a page's own script: what is fetched later, texts too, may need that script at its end.
  await adoptLanguage();
  render(page, document.getElementById("app")!);
  render(<NewRelease unattended={unattended} />, document.getElementById("release")!);
  // public/boot.js counts how often a page did not come to this.
  dispatchEvent(new Event("comanda:shown"));
  watchRelease();
}
