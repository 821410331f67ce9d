// What a product looks like: its picture or, where it has none or it does not come, a drawing of its kind. Its place is
// kept whatever becomes of it, so nothing jumps.

import { useState } from "preact/hooks";
import { DRAWINGS, type DrawingName } from "./drawings.ts";

interface Props {
  url: string;
  name: string;
  drawing: DrawingName;
  large?: boolean;
}

export function Picture({ url, name, drawing, large = false }: Props) {
  const [broken, setBroken] = useState<string | null>(null);
  const [width, height] = large ? [560, 420] : [96, 96];
  const shown = url !== "" && broken !== url;
  return (
    <span class={`picture ${large ? "picture-large" : ""} ${shown ? "" : "is-drawn"}`}>
      {shown ? (
        <img
          src={url}
          alt={name}
          width={width}
          height={height}
          loading="lazy"
          decoding="async"
          referrerpolicy="no-referrer"
          onError={() => setBroken(url)}
        />
      ) : (
        <Drawing name={drawing} />
      )}
    </span>
  );
}

function Drawing({ name }: { name: DrawingName }) {
  const [tint, lines] = DRAWINGS[name];
  return (
    <svg class="drawing" viewBox="0 0 48 48" aria-hidden="true">
      <path class="drawing-tint" d={tint} />
      <path d={lines} />
    </svg>
  );
}
