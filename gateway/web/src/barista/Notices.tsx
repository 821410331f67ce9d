// What was just done, with the chance to undo it, and what could not be done.

import { staffText } from "../lib/text/staff_text.ts";
import { text } from "../lib/text/text.ts";
import { Icon } from "../ui/Icon.tsx";
import type { NoticeList } from "./notices.ts";

export function Notices({ of }: { of: NoticeList }) {
  return (
    <div class="notices" role="status">
      {of.shown.value.map((notice) => (
        <div key={notice.id} class={notice.undo ? "toast" : "toast toast-problem"}>
          <Icon name={notice.undo ? "check" : "alert"} />
          <span>{notice.text}</span>
          <button type="button" onClick={notice.undo ?? (() => of.dismiss(notice.id))}>
            {notice.undo ? staffText.board.undo : text.action.dismiss}
          </button>
        </div>
      ))}
    </div>
  );
}
