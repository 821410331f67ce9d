// What a release is to the pages: its name, in each page and at /release.txt, and the list of files that the service
// worker of each page keeps. Both are only known once everything is built.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** In the pages and in the worker, there in quotes of whatever kind. */
const RELEASE = /__RELEASE__/g;
const FILES = /(["'`])__FILES__\1/;
const WORKER = "sw.js";
const BOOT = "boot.js";
const EARLY = "early.js";

export function release(folder: string): void {
  // It is small enough to go without a minifier, but not with comments.
  rewrite(folder, BOOT, /^\s*\/\/.*\n|^\s+/gm, "");
  const pages = readdirSync(folder).filter((name) => name.endsWith(".html")).sort();
  // Their content is in their names.
  const assets = readdirSync(join(folder, "assets")).map((name) => `assets/${name}`).sort();
  const id = fingerprint([...assets, ...[...pages, BOOT, EARLY, WORKER].map((name) => read(folder, name))]);
  for (const page of pages) rewrite(folder, page, RELEASE, id);
  const files = Object.fromEntries(pages.map((page) => [page, [page, ...needed(page)]]));
  rewrite(folder, WORKER, FILES, JSON.stringify(files));
  rewrite(folder, WORKER, RELEASE, id);
  writeFileSync(join(folder, "release.txt"), id);

  /** Whatever the page may come to load, near or far. */
  function needed(page: string): string[] {
    const found = new Set<string>();
    const visit = (name: string): void => {
      const text = read(folder, name);
      for (const other of [BOOT, EARLY, ...assets]) {
        if (found.has(other) || !text.includes(`/${other.replace("assets/", "")}`)) continue;
        found.add(other);
        visit(other);
      }
    };
    visit(page);
    return [...found];
  }
}

function read(folder: string, name: string): string {
  return readFileSync(join(folder, name), "latin1");
}

function rewrite(folder: string, name: string, from: RegExp, to: string): void {
  const path = join(folder, name);
  const text = readFileSync(path, "utf8");
  if (text.search(from) < 0) throw new Error(`${name} has no ${from}`);
  writeFileSync(path, text.replace(from, to));
}

function fingerprint(parts: string[]): string {
  return createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 16);
}
