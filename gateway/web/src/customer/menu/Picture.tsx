// A product's picture. Its place is kept whatever becomes of it, so nothing jumps when it comes, or does not.

import { useState } from "preact/hooks";

export function Picture({ url, name, large = false }: { url: string; name: string; large?: boolean }) {
  const [broken, setBroken] = useState<string | null>(null);
  const [width, height] = large ? [520, 260] : [88, 88];
  return (
    <span class={large ? "picture picture-large" : "picture"} data-broken={broken === url}>
      {broken !== url && (
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
      )}
    </span>
  );
}
