// A signed-in person, as a tablet remembers it across reloads. Pure.

export interface Person {
  /** The credential of the device at which he or she signed in. */
  device: string;
  token: string;
  staffId: string;
  name: string;
  /** When the session ends, in ms since 1970. */
  endMs: number;
}

/** Null for what is none. */
export function parsePerson(stored: string | null): Person | null {
  try {
    const one = JSON.parse(stored ?? "null") as Person | null;
    const words = one && [one.device, one.token, one.staffId, one.name];
    return words?.every((word) => typeof word === "string") && typeof one?.endMs === "number" ? one : null;
  } catch {
    return null;
  }
}
