// What arrives by itself, for a reader who takes one at a time.

import { Code, ConnectError } from "@connectrpc/connect";

export class Inbox<T> {
  private readonly items: T[] = [];
  private wake = () => {};

  constructor(private readonly signal: AbortSignal) {
    signal.addEventListener("abort", () => this.wake());
  }

  put(item: T): void {
    this.items.push(item);
    this.wake();
  }

  /** Throws when the signal is aborted. */
  async next(): Promise<T> {
    for (;;) {
      if (this.signal.aborted) throw new ConnectError("nobody reads any more", Code.Canceled);
      const item = this.items.shift();
      if (item !== undefined) return item;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}
