// Why something was refused, and how long to wait before the next try.

import { staffText } from "../../lib/text/staff_text.ts";
import { Icon } from "../Icon.tsx";

export function Problem({ id, why, waitS = 0 }: { id?: string; why: string | null; waitS?: number }) {
  if (!why) return null;
  return (
    <div id={id} class="error">
      <Icon name="alert" />
      <p>
        <span role="alert">{why}</span> {waitS > 0 && <span role="timer">{staffText.access.again(waitS)}</span>}
      </p>
    </div>
  );
}
