// A whole shop in one process, with a data folder and a port of its own. It may be killed and started again; whatever
// happens to the test, nothing of it stays behind.

import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { networkInterfaces, tmpdir } from "node:os";
import { join, resolve } from "node:path";

type Page = "barista" | "painel" | "status" | "equipe";

export const BINARY = resolve(process.env["COMANDA_BIN"] ?? join(import.meta.dirname, "../../../../target/debug/comanda"));
const START_MS = 30_000;
const STOP_MS = 15_000;

/** How a shop is started. */
interface How {
  encrypted?: boolean;
  network?: boolean;
  settings?: Record<string, string>;
  origin?: string;
}

export class Comanda {
  origin = "";
  /** Good for every shop, for some minutes. */
  staffToken = "";
  /** Of a panel of the main shop, for some minutes. */
  panelToken = "";
  /** Where to begin: what follows the origin in the links of this start, each of which works once. */
  links: Record<Page, string> = { barista: "", painel: "", status: "", equipe: "" };
  private process: ChildProcess | null = null;
  private guard: ChildProcess | null = null;
  private log = "";

  private constructor(
    readonly folder: string,
    private readonly settings: Record<string, string>,
  ) {}

  /**
   * In plaintext, or by TLS with certificates of a CA that nobody knows; on this machine only, or in its network; with
   * settings of its own, at an address.
   */
  static async start({ encrypted = false, network = false, settings = {}, origin = "" }: How = {}): Promise<Comanda> {
    const folder = await mkdtemp(join(tmpdir(), "comanda-browser-"));
    const certificates = join(folder, "certificates");
    const comanda = new Comanda(folder, {
      COMANDA_STATUS: "staff",
      COMANDA_GATEWAY_LISTEN: `${network ? ownAddress() : "127.0.0.1"}:0`,
      ...(encrypted && { COMANDA_GATEWAY_TLS_DIR: join(certificates, "browser") }),
      ...settings,
    });
    comanda.origin = origin;
    try {
      if (encrypted) execFileSync(BINARY, ["dev-certs", certificates]);
      await comanda.open();
    } catch (error) {
      await comanda.stop();
      throw error;
    }
    return comanda;
  }

  /** Starts it again, at the same address and with the same data. */
  async open(): Promise<void> {
    const again = this.origin ? { COMANDA_GATEWAY_LISTEN: new URL(this.origin).host } : {};
    const child = spawn(BINARY, {
      env: { ...process.env, ...this.settings, ...again, COMANDA_DATA_DIR: join(this.folder, "data") },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.process = child;
    await once(child, "spawn");
    this.guard = guard(child.pid!, this.folder);
    const note = (chunk: Buffer) => (this.log += chunk.toString());
    child.stderr!.on("data", note);
    const welcome = await this.welcome(child, note);
    // Nobody's terminal: the links that hold secrets are in a file.
    this.greeted(welcome + (await readFile(join(this.folder, "data", "links.txt"), "utf8")));
  }

  /** What `comanda staff …` says, as its first lines of input have it. */
  staff(command: string[], input = ""): string {
    const env = { ...process.env, ...this.settings, COMANDA_DATA_DIR: join(this.folder, "data"), COMANDA_URL: this.origin };
    return execFileSync(BINARY, ["staff", ...command], { env, input, encoding: "utf8", stdio: ["pipe", "pipe", "pipe"] }).trim();
  }

  /** Adds somebody who signs in at tablets of the main shop; gives the name. */
  addBarista(name: string, pin: string): string {
    this.staff(["add", name, "--login", name.toLowerCase(), "--pin"], `${pin}\n`);
    return name;
  }

  /** A fragment that pairs one device. */
  pair(name: string, role: "barista" | "panel", shop = "main"): string {
    const said = this.staff(["pair", name, "--role", role, "--shop", shop]);
    return `#pair=${/(\S+)$/.exec(said)?.[1] ?? ""}`;
  }

  /** As if the power went away. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  /** Ends it as a person would, and removes what it stored. */
  async stop(): Promise<void> {
    await this.end("SIGTERM");
    await rm(this.folder, { recursive: true, force: true });
  }

  private async end(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    const child = this.process;
    this.process = null;
    if (child?.pid && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, "exit");
      child.kill(signal);
      const late = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
      await ended;
      clearTimeout(late);
    }
    this.guard?.kill("SIGKILL");
  }

  private welcome(child: ChildProcess, note: (chunk: Buffer) => void): Promise<string> {
    return new Promise((resolve, reject) => {
      let said = "";
      const fail = (why: string) => reject(new Error(`${BINARY} ${why}:\n${said}${this.log.slice(-4000)}`));
      const late = setTimeout(() => fail("did not open"), START_MS);
      child.once("exit", () => {
        clearTimeout(late);
        fail("ended");
      });
      child.stdout!.on("data", (chunk: Buffer) => {
        note(chunk);
        said += chunk.toString();
        if (!said.includes("Ctrl-C")) return;
        clearTimeout(late);
        resolve(said);
      });
    });
  }

  private greeted(welcome: string): void {
    const find = (pattern: RegExp) => pattern.exec(welcome)?.[1] ?? "";
    this.origin = find(/(https?:\/\/[\d.:]+)\/\s/);
    for (const page of Object.keys(this.links) as Page[]) this.links[page] = find(new RegExp(`(/${page}#\\S+)`));
    if (!this.origin || !this.links.barista || !this.links.painel) throw new Error(`no addresses in: ${welcome}`);
    this.staffToken = this.staff(["token", "--role", "owner"]);
    this.panelToken = this.staff(["token", "--role", "panel"]);
  }
}

/** By which other machines reach this one: to browsers that is no secure context, as a loopback address is. */
function ownAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const own = addresses.find(({ family, internal }) => family === "IPv4" && !internal);
  if (!own) throw new Error("this machine has no address in a network");
  return own.address;
}

/** Ends the shop even if this process is killed: the guard then reads the end of its pipe. */
function guard(pid: number, folder: string): ChildProcess {
  const script = 'read -r _; kill -9 "$1"; rm -rf "$2"';
  return spawn("sh", ["-c", script, "guard", String(pid), folder], { stdio: ["pipe", "ignore", "ignore"], detached: true });
}
