// How bad things are, and how that looks. Colour never says it alone: a word and a picture say it too.

import { Level, type Finding } from "../gen/comanda/mesh/v1/status_pb.ts";
import type { IconName } from "../ui/Icon.tsx";

export type Look = "good" | "note" | "warning" | "alarm";

const LOOKS: Partial<Record<Level, Look>> = {
  [Level.NOTE]: "note",
  [Level.WARNING]: "warning",
  [Level.ALARM]: "alarm",
};

export const ICONS: Record<Look, IconName> = { good: "check", note: "note", warning: "bell", alarm: "alert" };

export function lookOf(level: Level): Look {
  return LOOKS[level] ?? "good";
}

/** What is worst decides; a note worries nobody. */
export function overall(findings: readonly Finding[]): Look {
  const worst = Math.max(Level.GOOD, ...findings.map(({ level }) => level));
  return worst <= Level.NOTE ? "good" : lookOf(worst);
}

/** Worst first; among equals as the server tells them. */
export function worstFirst(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => b.level - a.level);
}
