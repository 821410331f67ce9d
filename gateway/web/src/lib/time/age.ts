// How urgent a ticket is. Pure.

/** From so many minutes on a ticket asks for attention; from so many more on it is late. */
export const WARN_MINUTES = 5;
export const LATE_MINUTES = 8;

export interface Age {
  level: "ok" | "warn" | "late";
  minutes: number;
  /** Whole minutes since it became late; 0 unless it is. */
  lateBy: number;
}

export function ageOf(acceptedMs: number, nowMs: number): Age {
  const minutes = wholeMinutes(acceptedMs, nowMs);
  const level = minutes >= LATE_MINUTES ? "late" : minutes >= WARN_MINUTES ? "warn" : "ok";
  return { level, minutes, lateBy: Math.max(0, minutes - LATE_MINUTES) };
}

export function wholeMinutes(fromMs: number, toMs: number): number {
  return Math.max(0, Math.floor((toMs - fromMs) / 60_000));
}
