// What src/styles/tokens.css names.

import { useEffect, useRef } from "preact/hooks";

/** A ground, and the ink for words on it. */
const COLOURS = [
  ["--paper", "--ink"],
  ["--card", "--soft"],
  ["--sunken", "--ink"],
  ["--stale", "--ink"],
  ["--inverse", "--on-inverse"],
  ["--brand", "--on-brand"],
  ["--brand-soft", "--brand-ink"],
  ["--new", ""],
  ["--new-soft", "--new-ink"],
  ["--preparing", ""],
  ["--preparing-soft", "--preparing-ink"],
  ["--ready", ""],
  ["--ready-soft", "--ready-ink"],
  ["--late", ""],
  ["--late-soft", "--late-ink"],
] as const;
const SIZES = [13, 15, 17, 20, 26, 34] as const;
const SPACES = ["--s1", "--s2", "--s3", "--s4", "--s5", "--s6", "--s7"] as const;

export function Tokens() {
  return (
    <>
      <h2>Colours</h2>
      <div class="swatches">
        {COLOURS.map(([ground, ink]) => (
          <Styled key={ground} class="swatch" style={{ background: `var(${ground})`, color: ink ? `var(${ink})` : "#fff" }}>
            {ground}
            <br />
            {ink || "white"}
          </Styled>
        ))}
      </div>
      <h2>Type</h2>
      {SIZES.map((size) => (
        <Styled key={size} style={{ fontSize: `${size}px` }}>
          {size} Pão de queijo, 2 × Cappuccino, R$ 1.234,50
        </Styled>
      ))}
      <Styled style={{ font: "600 34px var(--display)" }}>Fraunces, for names and headings</Styled>
      <h2>Space</h2>
      {SPACES.map((space) => (
        <Styled key={space} class="space" style={{ width: `var(${space})` }}>
          <span class="hidden">{space}</span>
        </Styled>
      ))}
    </>
  );
}

/** The pages' policy forbids styles in the markup, not by the DOM. */
function Styled({ style, ...rest }: { style: Partial<CSSStyleDeclaration>; class?: string; children: preact.ComponentChildren }) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => void Object.assign(element.current!.style, style), [style]);
  return <div ref={element} {...rest} />;
}
