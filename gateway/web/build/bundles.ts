// Each page is built for itself, so that it downloads in one file what it needs at its start and nothing else. Menu and
// order are one visit: what both need is a file of its own, which is there already when the order is shown.

import type { BuildEnvironmentOptions, EnvironmentOptions, Rolldown, ViteBuilder } from "vite";
import { release } from "./release.ts";

const BUNDLES: Record<string, string[]> = {
  customer: ["index.html", "acompanhar.html"],
  barista: ["barista.html"],
  panel: ["painel.html"],
  status: ["status.html"],
  team: ["equipe.html"],
  trust: ["confiar.html"],
  catalogue: ["ui.html"],
  early: ["src/customer/menu/early.ts"],
  worker: ["src/worker/sw.ts"],
};

export const environments: Record<string, EnvironmentOptions> = Object.fromEntries(
  Object.entries(BUNDLES).map(([name, input], at) => {
    // All write into one folder; the first finds it empty.
    const first = at === 0;
    // What is no module keeps its names to itself.
    const output = name === "early" ? { output: { format: "iife" as const } } : {};
    const build: BuildEnvironmentOptions = { emptyOutDir: first, copyPublicDir: first, rolldownOptions: { input, ...output } };
    return [name, { consumer: "client", build }];
  }),
);

export async function buildApp(builder: ViteBuilder): Promise<void> {
  const built = Object.values(builder.environments).filter(({ name }) => name in BUNDLES);
  for (const environment of built) await builder.build(environment);
  release(built[0]!.config.build.outDir);
}

type Look = (id: string) => Rolldown.ModuleInfo | null;

/**
 * One file for all that the same pages need at their start; what only an import() fetches is left to the bundler. A page
 * that fetches later what another needs at once must not get that page's own script with it: it would run.
 */
export const atStart: Rolldown.CodeSplittingGroup = {
  debugName: "at start",
  name: (id, context) => {
    const look: Look = (other) => context.getModuleInfo(other);
    const [first, ever] = [false, true].map((later) => [...pagesAbove(id, look, later)].sort());
    if (!first!.length) return null;
    return first!.length < ever!.length ? `${ever!.join("-")}-by-${first!.join("-")}` : first!.join("-");
  },
  // What one file needs of another is needed by as many pages or more, so no two files need each other.
  includeDependenciesRecursively: false,
};

/** The pages that need a module, at once or also later. */
function pagesAbove(id: string, look: Look, later: boolean, found = new Set<string>(), seen = new Set<string>()): Set<string> {
  const module = look(id);
  if (!module || seen.has(id)) return found;
  seen.add(id);
  if (module.isEntry) found.add(/(\w+)\.\w+$/.exec(id)![1]!);
  const importers = later ? [...module.importers, ...module.dynamicImporters] : module.importers;
  for (const importer of importers) pagesAbove(importer, look, later, found, seen);
  return found;
}
