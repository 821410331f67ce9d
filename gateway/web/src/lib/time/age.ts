// How urgent a ticket is. Pure.

/** From so many minutes on a ticket asks for attention; from so many in all it is late. */
export interface Thresholds {
  warn: number;
  late: number;
}

/** Of a shop that has not chosen any. */
export const USUAL: Thresholds = { warn: 5, late: 8 };

export interface Age {
  level: "ok" | "warn" | "late";
  /** Whole minutes since it became late; 0 unless it is. */
  lateBy: number;
}

export function ageOf(acceptedMs: number, nowMs: number, { warn, late }: Thresholds): Age {
  const minutes = Math.max(0, Math.floor((nowMs - acceptedMs) / 60_000));
  const level = minutes >= late ? "late" : minutes >= warn ? "warn" : "ok";
  return { level, lateBy: Math.max(0, minutes - late) };
}

/** As a stopwatch shows it: mm:ss, and from 100 minutes on hours and minutes. */
export function stopwatch(fromMs: number, toMs: number): string {
  const seconds = Math.max(0, Math.floor((toMs - fromMs) / 1000));
  const minutes = Math.floor(seconds / 60);
  const two = (n: number) => `${n}`.padStart(2, "0");
  return minutes < 100 ? `${two(minutes)}:${two(seconds % 60)}` : `${Math.floor(minutes / 60)} h ${two(minutes % 60)}`;
}
