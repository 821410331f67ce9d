// Starts, stops and starts again an OpenID Connect provider at one address.

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

export class Provider {
  readonly origin: string;
  private process: ChildProcess | null = null;

  constructor(
    private readonly port: number,
    readonly redirectUri: string,
    /** Of its client; empty for a public one. */
    private readonly secret: string,
  ) {
    this.origin = `http://127.0.0.1:${port}`;
  }

  /** With keys that nobody has seen. */
  async start(): Promise<void> {
    const script = join(import.meta.dirname, "provider.mjs");
    const child = spawn(process.execPath, [script, `${this.port}`, this.redirectUri], {
      env: { ...process.env, CLIENT_SECRET: this.secret },
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.process = child;
    let log = "";
    child.stderr!.on("data", (chunk: Buffer) => (log += chunk.toString()));
    await Promise.race([
      once(child.stdout!, "data"),
      once(child, "exit").then(() => Promise.reject(new Error(`the provider ended:\n${log}`))),
    ]);
  }

  async stop(): Promise<void> {
    const child = this.process;
    this.process = null;
    if (!child || child.exitCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }
}

/** Ports that nobody listens at, each another. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}
