// A modal dialog: the browser's own, which traps focus and closes on Escape.

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

interface Props {
  label: string;
  onClose(): void;
  children: ComponentChildren;
}

export function Dialog({ label, onClose, children }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  const closeOnBackdrop = (event: MouseEvent) => {
    if (event.target === ref.current) onClose();
  };
  return (
    <dialog ref={ref} aria-label={label} onClose={onClose} onClick={closeOnBackdrop}>
      <div class="dialog-body">{children}</div>
    </dialog>
  );
}
