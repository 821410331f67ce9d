// A browser of a device: it trusts the CA of a shop, or no other than the world does. Names of the shop's network lead to
// this machine, as they would by multicast DNS.

import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Browser, type LaunchOptions } from "@playwright/test";

export interface Device {
  browser: Browser;
  forget(): Promise<void>;
}

export async function deviceThatTrusts(ca: Buffer | null, hosts: string[], options: LaunchOptions): Promise<Device> {
  const home = await mkdtemp(join(tmpdir(), "comanda-device-"));
  // Where Chromium looks for what its user trusts.
  const store = join(home, ".pki/nssdb");
  await mkdir(store, { recursive: true });
  const certutil = (...what: string[]) => execFileSync("certutil", ["-d", `sql:${store}`, ...what]);
  certutil("-N", "--empty-password");
  if (ca) {
    await writeFile(join(home, "ca.crt"), ca);
    certutil("-A", "-n", "comanda", "-t", "C,,", "-i", join(home, "ca.crt"));
  }
  const rules = hosts.map((host) => `MAP ${host} 127.0.0.1`).join(",");
  const args = [...(options.args ?? []), `--host-resolver-rules=${rules}`];
  const browser = await chromium.launch({ ...options, args, env: { ...(process.env as Record<string, string>), HOME: home } });
  const forget = async () => {
    await browser.close();
    await rm(home, { recursive: true, force: true });
  };
  return { browser, forget };
}
