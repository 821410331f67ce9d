// The board by keyboard: arrows and digits choose a card, Enter moves its ticket on, letters do what the bar does. A dialog
// and a field have the keys for themselves, and whoever speaks to the machine may switch the letters off.

import { effect } from "@preact/signals";
import type { Actions } from "../actions.ts";
import { keys, sound } from "../settings.ts";
import { isArrow, nearest } from "./nearest.ts";
import { selected } from "./selected.ts";

/** Those that are drawn, as they stand: from the top, and from the left. */
function cards(): HTMLElement[] {
  const all = [...document.querySelectorAll<HTMLElement>(".place > [data-card]")];
  const places = new Map(all.map((card) => [card, card.getBoundingClientRect()]));
  return all.sort((a, b) => places.get(a)!.top - places.get(b)!.top || places.get(a)!.left - places.get(b)!.left);
}

function choose(card: HTMLElement | null | undefined): boolean {
  if (!card) return false;
  selected.value = card.dataset["card"]!;
  card.focus();
  card.scrollIntoView({ block: "nearest" });
  return true;
}

function move(key: string): boolean {
  const all = cards();
  const from = document.activeElement?.closest<HTMLElement>("[data-card]");
  if (!from) return choose(all.find((card) => card.dataset["card"] === selected.peek()) ?? all[0]);
  const boxes = all.filter((card) => card !== from).map((card) => {
    const { left, top, width, height } = card.getBoundingClientRect();
    return { card, left, top, width, height };
  });
  return choose(nearest(key, from.getBoundingClientRect(), boxes)?.card);
}

/** True when the key meant something here. */
function press(key: string, target: Element, actions: Actions, onHelp: () => void): boolean {
  if (isArrow(key)) return move(key);
  if (key === "Enter" && target.matches("[data-card]")) {
    target.querySelector<HTMLButtonElement>(".advance:enabled")?.click();
    return true;
  }
  if (keys.peek() === "off") return false;
  if (/^[1-9]$/.test(key)) return choose(cards()[Number(key) - 1]);
  switch (key.toLowerCase()) {
    case "u": {
      const last = [...actions.steps.shown.peek().values()].at(-1);
      if (last) actions.undo(last);
      return true;
    }
    case "m":
      sound.value = sound.peek() === "on" ? "off" : "on";
      return true;
    case "?":
      onHelp();
      return true;
    default:
      return false;
  }
}

export function followKeys(actions: Actions, onHelp: () => void): () => void {
  const onKey = (event: KeyboardEvent) => {
    const target = event.target instanceof Element ? event.target : document.body;
    const isElsewhere = target.matches("input:not([type='checkbox']), select, textarea") || document.querySelector("dialog[open]");
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || isElsewhere) return;
    if (press(event.key, target, actions, onHelp)) event.preventDefault();
  };
  addEventListener("keydown", onKey);
  const unfollow = effect(() => {
    // Whatever changed the board, the focus stays with the ticket, or with what is left of it.
    void [actions.tickets.value, actions.steps.shown.value];
    requestAnimationFrame(keepFocus);
  });
  return () => {
    removeEventListener("keydown", onKey);
    unfollow();
  };
}

function keepFocus(): void {
  const id = selected.peek();
  if (id === null || document.activeElement !== document.body || document.querySelector("dialog[open]")) return;
  const own = document.querySelectorAll<HTMLElement>(`[data-card="${CSS.escape(id)}"]`);
  choose([...own].at(-1) ?? cards()[0]);
}
