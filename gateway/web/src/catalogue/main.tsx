// `/ui`, in development builds only: every token and every shared component on one page, to look at and to examine.

import { signal } from "@preact/signals";
import { show } from "../lib/show.tsx";
import { LanguageSwitch } from "../ui/LanguageSwitch.tsx";
import { Components } from "./Components.tsx";
import { Tokens } from "./Tokens.tsx";

const THEMES = ["", "light", "dark"] as const;
const theme = signal<(typeof THEMES)[number]>("");

function App() {
  return (
    <main class="catalogue">
      <h1>Comanda: tokens and components</h1>
      <p class="row">
        {THEMES.map((name) => (
          <button type="button" key={name} aria-pressed={theme.value === name} onClick={() => choose(name)}>
            {name || "as the device"}
          </button>
        ))}
        <LanguageSwitch />
      </p>
      <Tokens />
      <Components />
    </main>
  );
}

function choose(name: (typeof THEMES)[number]): void {
  theme.value = name;
  document.documentElement.dataset["theme"] = name;
}

void show(<App />);
