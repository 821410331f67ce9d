// What a section shows, asked for when it opens and again after each change.

import type { CallOptions } from "@connectrpc/connect";
import { useEffect, useState } from "preact/hooks";
import { lacksAccess } from "../lib/call/errors.ts";
import { untilAnswered } from "../lib/call/retry.ts";
import { asMe } from "./session.ts";

const TRIES = 3;

export interface Loaded<T> {
  /** Null until it has come; what came before stays while it is asked for again. */
  value: T | null;
  error: unknown;
  reload(): void;
}

export function useLoaded<T>(ask: (options: CallOptions) => Promise<T>): Loaded<T> {
  const [held, hold] = useState<{ value: T | null; error: unknown }>({ value: null, error: null });
  const load = async () => {
    try {
      const value = await untilAnswered(() => asMe(ask), { tries: TRIES, again: (error) => !lacksAccess(error) });
      hold({ value, error: null });
    } catch (error) {
      hold(({ value }) => ({ value, error }));
    }
  };
  useEffect(() => void load(), []);
  return { ...held, reload: () => void load() };
}
