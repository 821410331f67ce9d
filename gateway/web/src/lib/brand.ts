// A shop's own colour, so used that whatever stands on it, or is written with it, can be read.

/** WCAG's contrast for text of any size. */
const READABLE = 4.5;
const PAPER = "#faf6f0";
const INK = "#221a14";

/** Shows a shop's colour, "#rrggbb"; anything else shows ours. */
export function showBrand(color: string): void {
  const { style } = document.documentElement;
  const names = ["--brand", "--on-brand", "--brand-text"];
  const values = /^#[0-9a-f]{6}$/i.test(color) ? [color, wordsOn(color), asWords(color)] : ["", "", ""];
  names.forEach((name, index) => style.setProperty(name, values[index]!));
}

/** Black or white, whichever is read more easily on this colour. */
export function wordsOn(color: string): string {
  return contrast(color, "#ffffff") >= contrast(color, INK) ? "#ffffff" : INK;
}

/** The colour itself or a darker one, for words on paper. */
export function asWords(color: string): string {
  let parts = channels(color);
  while (contrast(hex(parts), PAPER) < READABLE) parts = parts.map((part) => Math.floor(part * 0.92));
  return hex(parts);
}

export function contrast(one: string, other: string): number {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(color: string): number {
  const [red, green, blue] = channels(color).map((part) => {
    const value = part / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function channels(color: string): number[] {
  return [1, 3, 5].map((start) => parseInt(color.slice(start, start + 2), 16));
}

function hex(parts: number[]): string {
  return `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}
