// Nobody waits: the shop's name, the time, and where to order.

import { menuLink } from "../lib/shop.ts";
import { staffText } from "../lib/text/staff_text.ts";
import { Icon } from "../ui/Icon.tsx";
import { QrCode } from "../ui/QrCode.tsx";
import { shopFace } from "./shop_face.ts";
import { WallClock } from "./WallClock.tsx";
import type { ServerClock } from "../lib/time/clock.ts";

export function Idle({ clock }: { clock: ServerClock }) {
  const { name, logo } = shopFace.value;
  // Of this machine only: no phone could open it.
  const isReachable = !/^(localhost|127\.|\[::1\])/.test(location.hostname);
  return (
    <main class="panel-idle">
      {logo ? (
        <img class="idle-logo" src={logo} alt="" referrerpolicy="no-referrer" />
      ) : (
        <p class="idle-mark">
          <Icon name="cup" />
        </p>
      )}
      {name && (
        <h1>
          <bdi>{name}</bdi>
        </h1>
      )}
      <WallClock clock={clock} />
      <p class="idle-words">{staffText.panel.empty}</p>
      {isReachable ? (
        <figure>
          <QrCode text={new URL(menuLink(), location.origin).href} label={staffText.panel.orderHere} />
          <figcaption>{staffText.panel.orderHere}</figcaption>
        </figure>
      ) : (
        <p>{staffText.panel.emptyDetail}</p>
      )}
    </main>
  );
}
