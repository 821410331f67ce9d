// The head of every page: whose it is, and the other language.

import type { ComponentChildren } from "preact";
import { Icon } from "./Icon.tsx";
import { LanguageSwitch } from "./LanguageSwitch.tsx";

export function TopBar({ title, children }: { title: ComponentChildren; children?: ComponentChildren }) {
  return (
    <header class="top-bar">
      <span class="brand-mark">
        <Icon name="cup" />
      </span>
      <h1>{title}</h1>
      {children}
      <LanguageSwitch />
    </header>
  );
}
