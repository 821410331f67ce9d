// A QR code as one path, so that the page's policy needs no picture from elsewhere.

import { useMemo } from "preact/hooks";
import { encode } from "uqr";
import { pathOf } from "./qr_path.ts";

/** Modules of white around it, which scanners need. */
const BORDER = 4;

export function QrCode({ text, label }: { text: string; label: string }) {
  const { size, data } = useMemo(() => encode(text, { ecc: "M", border: BORDER }), [text]);
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <path fill="#fff" d={`M0 0h${size}v${size}H0z`} />
      <path d={pathOf(data)} />
    </svg>
  );
}
