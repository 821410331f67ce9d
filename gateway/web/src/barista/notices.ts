// Short messages that go away by themselves: what was done, with a chance to undo it, and what could not be done.

import { signal, type ReadonlySignal } from "@preact/signals";

const NOTICE_MS = 8_000;

export interface Notice {
  id: string;
  text: string;
  /** Absent for a problem. */
  undo?: () => void;
}

export interface NoticeList {
  shown: ReadonlySignal<readonly Notice[]>;
  /** Takes the place of an earlier one with that id: only the last step can be undone. */
  notify(notice: Notice): void;
  dismiss(id: string): void;
}

export function createNotices(): NoticeList {
  const shown = signal<readonly Notice[]>([]);
  const dismiss = (id: string) => (shown.value = shown.value.filter((notice) => notice.id !== id));
  const notify = (notice: Notice) => {
    shown.value = [...shown.value.filter((other) => other.id !== notice.id), notice];
    setTimeout(() => (shown.value = shown.value.filter((other) => other !== notice)), NOTICE_MS);
  };
  return { shown, notify, dismiss };
}
