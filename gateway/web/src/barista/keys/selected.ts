// The card that the keyboard has chosen, by order.

import { signal } from "@preact/signals";

export const selected = signal<string | null>(null);
