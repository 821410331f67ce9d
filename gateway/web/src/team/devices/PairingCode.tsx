// A pairing code, large, with its QR code and the time that it is still good for. Tells when the device has used it.

import { timestampMs, type Timestamp } from "@bufbuild/protobuf/wkt";
import { useEffect, useMemo, useState } from "preact/hooks";
import { Role } from "../../gen/comanda/identity/v1/identity_pb.ts";
import { pause, untilAnswered } from "../../lib/call/retry.ts";
import { askNetwork, network, staffOrigin, trustPage } from "../../lib/network.ts";
import { SHOP, shopLink } from "../../lib/shop.ts";
import { inHalves } from "../../lib/staff/given.ts";
import { identity } from "../../lib/staff/identity.ts";
import { seconds } from "../../lib/time/clock.ts";
import { serverNow } from "../../lib/time/server_time.ts";
import { Icon } from "../../ui/Icon.tsx";
import { QrCode } from "../../ui/QrCode.tsx";
import { asMe } from "../session.ts";
import { teamText } from "../team_text.ts";

const ASK_EVERY_MS = 3_000;

export interface Code {
  code: string;
  expireTime: Timestamp | undefined;
  /** The devices that there were. */
  before: ReadonlySet<string>;
}

interface Props {
  of: Code;
  name: string;
  role: Role;
  onAgain(): void;
}

export function PairingCode({ of, name, role, onAgain }: Props) {
  const [used, setUsed] = useState(false);
  useEffect(() => whenUsed(of, () => setUsed(true)), []);
  useEffect(() => void untilAnswered(askNetwork).catch(() => undefined), []);
  // Counted by a clock that nobody sets.
  const end = useMemo(() => performance.now() + (of.expireTime ? timestampMs(of.expireTime) - serverNow() : 0), []);
  const leftS = Math.max(0, Math.floor((end - Math.max(seconds.value, performance.now())) / 1000));
  const path = shopLink(role === Role.PANEL ? "/painel" : "/barista");
  const origin = staffOrigin(network.value, location.origin);
  const [page, secret] = [origin + path, `#pair=${of.code}`];
  const trust = trustPage(network.value);
  if (used) {
    return (
      <p class="code-done" role="status">
        <Icon name="check" />
        {teamText.code.done(name)}
      </p>
    );
  }
  if (leftS === 0) {
    return (
      <div class="code">
        <p role="status">{teamText.code.over}</p>
        <button type="button" class="primary" onClick={onAgain}>
          {teamText.code.another}
        </button>
      </div>
    );
  }
  return (
    <div class="code">
      <p>{teamText.code.steps(page)}</p>
      <output class="code-letters" aria-label={`${teamText.code.label}: ${[...of.code].join(" ")}`}>
        {inHalves(of.code)}
      </output>
      <QrCode text={page + secret} label={teamText.code.qr(page)} />
      <p class="soft">
        <span role="timer">{teamText.code.left(`${Math.floor(leftS / 60)}:${`${leftS % 60}`.padStart(2, "0")}`)}</span>
        {" · "}
        {teamText.code.waiting}
      </p>
      {trust && <p class="soft">{teamText.code.trustFirst(trust)}</p>}
      {/* This browser may well not trust the other address yet. */}
      <a href={(isSecureContext ? location.origin : origin) + path + secret} target="_blank" rel="noreferrer">
        {teamText.code.openHere}
      </a>
    </div>
  );
}

/** Calls back once a device is there that was not. */
function whenUsed({ before }: Code, used: () => void): () => void {
  const stop = new AbortController();
  const ask = async () => {
    const { devices } = await asMe((options) => identity.listDevices({ shopId: SHOP }, options));
    return devices.some(({ deviceId }) => !before.has(deviceId));
  };
  const watch = async () => {
    while (!stop.signal.aborted) {
      await pause(ASK_EVERY_MS, stop.signal);
      // Whoever cannot ask now asks later; the code works all the same.
      if (!stop.signal.aborted && (await ask().catch(() => false))) return used();
    }
  };
  void watch();
  return () => stop.abort();
}
