// What could not be ordered once more.

import { text } from "../../lib/text/text.ts";
import { Icon } from "../../ui/Icon.tsx";
import { forgetMissing, missing } from "../store.ts";

export function MissingNotice() {
  if (!missing.value) return null;
  return (
    <p class="banner" role="status">
      <Icon name="alert" />
      <span>{text.menu.missing(missing.value)}</span>
      <button type="button" class="quiet" onClick={forgetMissing}>
        {text.action.dismiss}
      </button>
    </p>
  );
}
