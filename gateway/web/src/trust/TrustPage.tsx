// The four steps: this page on the device, the certificate, trust, the screen at its new address.

import type { ComponentChildren } from "preact";
import type { Lan } from "../lib/network.ts";
import { shopLink } from "../lib/shop.ts";
import { Icon, type IconName } from "../ui/Icon.tsx";
import { QrCode } from "../ui/QrCode.tsx";
import { Platforms } from "./Platforms.tsx";
import { trustText } from "./trust_text.ts";

const SCREENS = [
  ["barista", "/barista", "tablet"],
  ["panel", "/painel", "bell"],
  ["team", "/equipe", "person"],
] as const satisfies ReadonlyArray<readonly [string, string, IconName]>;

export function TrustPage({ customers, lan }: { customers: string; lan: Lan }) {
  const page = `${customers}/confiar`;
  const [address] = lan.byAddress;
  // Nobody comes by that port who does not trust the shop.
  const trusted = location.protocol === "https:" && location.port === new URL(lan.staff).port;
  return (
    <main class="trust">
      {trusted && (
        <p class="trust-done" role="status">
          <Icon name="check" />
          {trustText.page.trusted}
        </p>
      )}
      <p class="trust-why">
        {trustText.page.why} <b>{trustText.page.customers}</b>
      </p>
      <ol class="trust-steps">
        <Step title={trustText.here.title}>
          <div class="trust-here">
            <p>{trustText.here.steps(page)}</p>
            <QrCode text={page} label={trustText.here.qr(page)} />
          </div>
        </Step>
        <Step title={trustText.download.title}>
          <a class="trust-button primary" href="/ca.crt">
            <Icon name="lock" />
            {trustText.download.button}
          </a>
          <div class="trust-fingerprint">
            <b>{trustText.download.fingerprint}</b>
            <code>{inBlocks(lan.fingerprint)}</code>
            <p>{trustText.download.compare}</p>
          </div>
          <p class="trust-note">{trustText.download.bounds}</p>
        </Step>
        <Step title={trustText.install.title}>
          <Platforms />
        </Step>
        <Step title={trustText.open.title}>
          <nav class="trust-screens" aria-label={trustText.open.title}>
            {SCREENS.map(([screen, path, icon]) => (
              <a class="trust-button" key={screen} href={lan.staff + shopLink(path)}>
                <Icon name={icon} />
                {trustText.open[screen]}
              </a>
            ))}
          </nav>
          {address && address !== lan.staff && <p class="trust-note">{trustText.open.byAddress(address)}</p>}
          <p class="trust-note">{trustText.open.again}</p>
        </Step>
      </ol>
    </main>
  );
}

function Step({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <li class="trust-step">
      <h2>{title}</h2>
      {children}
    </li>
  );
}

/** Four lines of eight bytes are easier to compare than one of thirty-two. */
function inBlocks(fingerprint: string): string {
  return fingerprint.replace(/(.{23}):/g, "$1\n");
}
