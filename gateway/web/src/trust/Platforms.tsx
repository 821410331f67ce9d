// How each kind of device is told, the one at hand first and open.

import { useState } from "preact/hooks";
import { platformOf, PLATFORMS } from "./platform.ts";
import { trustText } from "./trust_text.ts";

export function Platforms() {
  const [own] = useState(() => platformOf(navigator.userAgent, navigator.maxTouchPoints));
  const inOrder = [own, ...PLATFORMS.filter((platform) => platform !== own)];
  return (
    <div class="trust-platforms">
      {inOrder.map((platform) => {
        const { name, steps } = trustText.platforms[platform];
        return (
          <details key={platform} open={platform === own}>
            <summary>{name}</summary>
            <ol>
              {steps.map((step) => (
                <li key={step}>{step}</li>
              ))}
            </ol>
          </details>
        );
      })}
    </div>
  );
}
