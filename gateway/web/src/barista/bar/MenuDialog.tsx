// Everything that a shift needs now and then: what is sold out, a pause, and how this tablet looks and sounds.

import type { ComponentChildren } from "preact";
import type { Signal } from "@preact/signals";
import { menu } from "../../lib/menu/held.ts";
import { boardText } from "../../lib/text/board_text.ts";
import { staffText } from "../../lib/text/staff_text.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { LanguageSwitch } from "../../ui/LanguageSwitch.tsx";
import { BoardIcon, type BoardIconName } from "../BoardIcon.tsx";
import type { Opened } from "../dialogs.tsx";
import { keys, layout, sound, theme } from "../settings.ts";
import { endShift, shift } from "../shift/shift.ts";
import { stations } from "../stations.ts";

interface Props {
  onOpen(what: Opened): void;
  onClose(): void;
}

export function MenuDialog({ onOpen, onClose }: Props) {
  const words = staffText.options;
  const item = (what: Opened, icon: ComponentChildren, label: string) => (
    <button type="button" class="menu-item" onClick={() => onOpen(what)}>
      {icon}
      {label}
    </button>
  );
  return (
    <Dialog title={words.title} onClose={onClose}>
      <div class="menu">
        <div class="menu-items">
          {item("stock", <Icon name="cup" />, staffText.stock.open)}
          {menu.value && !menu.value.pause && item("pause", <Icon name="pause" />, staffText.pause.open)}
          {item("help", <BoardIcon name="keys" />, staffText.keys.open)}
          {shift.value && (
            <button type="button" class="menu-item" onClick={() => (endShift(), onClose())}>
              <Icon name="close" />
              {boardText.shift.end}
            </button>
          )}
          {stations.value.length > 0 && item("stations", <Icon name="tablet" />, boardText.stations.open)}
        </div>
        <Choice name="layout" label={words.layout} chosen={layout} choices={[["grid", "grid", words.grid], ["lanes", "lanes", words.lanes]]} />
        <Choice
          name="theme"
          label={words.theme}
          chosen={theme}
          choices={[["auto", null, words.auto], ["light", "sun", words.light], ["dark", "moon", words.dark]]}
        />
        <Choice name="sound" label={words.sound} chosen={sound} choices={[["on", "sound", words.soundOn], ["off", "mute", words.soundOff]]} />
        <Choice name="keys" label={words.keys} chosen={keys} choices={[["on", "keys", words.keysOn], ["off", null, words.keysOff]]} />
        <LanguageSwitch />
      </div>
    </Dialog>
  );
}

interface ChoiceProps<T extends string> {
  name: string;
  label: string;
  chosen: Signal<T>;
  choices: readonly (readonly [T, BoardIconName | null, string])[];
}

function Choice<T extends string>({ name, label, chosen, choices }: ChoiceProps<T>) {
  return (
    <fieldset class="segments">
      <legend>{label}</legend>
      {choices.map(([value, icon, words]) => (
        <label class="option" key={value}>
          <input type="radio" name={name} checked={chosen.value === value} onChange={() => (chosen.value = value)} />
          {icon && <BoardIcon name={icon} />}
          <span>{words}</span>
        </label>
      ))}
    </fieldset>
  );
}
