// What stands where content would be when there is none: it loads, there is nothing, it failed, or nobody answers. Each
// looks different, so that one glance tells which.

import type { ComponentChildren } from "preact";
import { text } from "../../lib/text/text.ts";
import { Icon, type IconName } from "../Icon.tsx";

const ICONS = { loading: "cup", empty: "cup", error: "alert", offline: "offline" } satisfies Record<string, IconName>;

interface Props {
  kind: keyof typeof ICONS;
  title: string;
  detail?: string | undefined;
  onRetry?: () => void;
  children?: ComponentChildren;
}

export function StateMessage({ kind, title, detail, onRetry, children }: Props) {
  return (
    <div class={`state state-${kind}`} role={kind === "error" || kind === "offline" ? "alert" : "status"}>
      <span class="state-icon">
        <Icon name={ICONS[kind]} />
      </span>
      <p class="state-title">{title}</p>
      {detail && <p class="state-detail">{detail}</p>}
      {onRetry && (
        <button type="button" onClick={onRetry}>
          <Icon name="retry" />
          {text.action.tryNow}
        </button>
      )}
      {children}
    </div>
  );
}
