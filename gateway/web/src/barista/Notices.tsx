// What was just done, with the chance to undo it, and what could not be done.

import { text } from "../lib/text.ts";
import { Icon } from "../ui/Icon.tsx";
import type { Actions } from "./actions.ts";

export function Notices({ actions }: { actions: Actions }) {
  return (
    <div class="notices" role="status">
      {actions.notices.value.map((notice) => (
        <div key={notice.id} class={notice.undo ? "toast" : "toast toast-problem"}>
          <Icon name={notice.undo ? "check" : "alert"} />
          <span>{notice.text}</span>
          <button type="button" onClick={notice.undo ?? (() => actions.dismiss(notice.id))}>
            {notice.undo ? text.board.undo : text.action.dismiss}
          </button>
        </div>
      ))}
    </div>
  );
}
