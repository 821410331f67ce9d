// Nobody waits: the shop's name, the time, and where to order.

import { useEffect } from "preact/hooks";
import { askNetwork, network } from "../lib/network.ts";
import { menuLink } from "../lib/shop.ts";
import { staffText } from "../lib/text/staff_text.ts";
import { Icon } from "../ui/Icon.tsx";
import { lazily } from "../lib/lazily.tsx";
import { shopFace } from "./shop_face.ts";
import { WallClock } from "./WallClock.tsx";
import type { ServerClock } from "../lib/time/clock.ts";

const QrCode = lazily(async () => (await import("../ui/QrCode.tsx")).QrCode);

export function Idle({ clock }: { clock: ServerClock }) {
  const { name, logo } = shopFace.value;
  useEffect(() => void askNetwork().catch(() => undefined), []);
  const origin = network.value?.customers ?? location.origin;
  // Of this machine only: no phone could open it.
  const isReachable = !/^(localhost|127\.|\[::1\])/.test(new URL(origin).hostname);
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
          <QrCode text={new URL(menuLink(), origin).href} label={staffText.panel.orderHere} />
          <figcaption>{staffText.panel.orderHere}</figcaption>
        </figure>
      ) : (
        <p>{staffText.panel.emptyDetail}</p>
      )}
    </main>
  );
}
