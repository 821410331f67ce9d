// A modal dialog: the browser's own, which traps focus and closes on Escape.

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { text } from "../lib/text/text.ts";
import { Icon } from "./Icon.tsx";

interface Props {
  title: ComponentChildren;
  onClose(): void;
  children: ComponentChildren;
  /** Stays in sight below what scrolls. */
  footer?: ComponentChildren;
}

function withAncestors(element: Element | null): Element[] {
  return element ? [element, ...withAncestors(element.parentElement)] : [];
}

/** To what opened the dialog or, where that is gone, to what it was in. */
function giveFocusBack(from: readonly Element[]): void {
  const left = from.find((one) => one.isConnected && !one.matches(":disabled"));
  if (!(left instanceof HTMLElement) || document.querySelector("dialog[open]")) return;
  if (left !== from[0]) left.tabIndex = -1;
  left.focus({ preventScroll: true });
}

/** What opened a dialog that has just gone: it opened the one that takes its place as well. */
let leaving: readonly Element[] | null = null;

export function Dialog({ title, onClose, children, footer }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  // With the frame that draws it, not after.
  useLayoutEffect(() => {
    const dialog = ref.current;
    const from = leaving ?? withAncestors(document.activeElement);
    dialog?.showModal();
    return () => {
      dialog?.close();
      // What was done may still change the page.
      leaving = from;
      setTimeout(() => {
        leaving = null;
        giveFocusBack(from);
      });
    };
  }, []);
  const closeOnBackdrop = (event: MouseEvent) => {
    if (event.target === ref.current) onClose();
  };
  return (
    <dialog ref={ref} aria-labelledby="dialog-title" onClose={onClose} onClick={closeOnBackdrop}>
      <header class="dialog-head">
        <h2 id="dialog-title">{title}</h2>
        <button type="button" class="quiet icon-button" aria-label={text.action.close} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <div class="dialog-body">{children}</div>
      {footer}
    </dialog>
  );
}
