// Shows a page, and with it the offer of a newer release.

import type { ComponentChild } from "preact";
import { render } from "preact";
import { NewRelease } from "../ui/NewRelease.tsx";
import { watchRelease } from "./release/release.ts";

interface Options {
  /** Nobody touches it: it follows a newer release by itself. */
  unattended?: boolean;
}

export function show(page: ComponentChild, { unattended = false }: Options = {}): void {
  render(page, document.getElementById("app")!);
  render(<NewRelease unattended={unattended} />, document.getElementById("release")!);
  // public/boot.js counts how often a page did not come to this.
  dispatchEvent(new Event("comanda:shown"));
  watchRelease();
}
