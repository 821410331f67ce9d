// Looks for products. What was found is told, since its list may be out of sight of those who only listen.

import { text } from "../lib/text/text.ts";
import type { Found } from "../lib/menu/search.ts";
import { Icon } from "./Icon.tsx";

interface Props {
  typed: string;
  /** Null while nothing is looked for. */
  found: Found | null;
  onInput(typed: string): void;
}

export function SearchField({ typed, found, onInput }: Props) {
  return (
    <search class="search">
      <Icon name="search" />
      <input
        type="search"
        aria-label={text.search.label}
        placeholder={text.search.label}
        autocomplete="off"
        enterkeyhint="search"
        value={typed}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      <p class={found && found.count > 0 && found.count === found.products.length ? "hidden" : "search-found"} role="status">
        {found && text.search.found(found.count, found.products.length)}
      </p>
    </search>
  );
}
