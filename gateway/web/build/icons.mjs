// The icons by which a device's home screen shows the pages, drawn from src/ui/icon.svg: node build/icons.mjs <folder>

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { Resvg } from "@resvg/resvg-js";

const [folder] = process.argv.slice(2);
const icon = readFileSync("src/ui/icon.svg", "utf8");
// Cut into any shape: the ground goes to the edge, the drawing stays within the middle.
const maskable = icon.replace('rx="7"', "").replace(/(<path.*)<\/svg>/s, '<g transform="translate(3.2 3.2) scale(0.8)">$1</g></svg>');

mkdirSync(folder, { recursive: true });
for (const [name, svg, width] of [
  ["icon-192", icon, 192],
  ["icon-512", icon, 512],
  ["maskable-512", maskable, 512],
  ["apple-180", maskable, 180],
]) {
  const drawn = new Resvg(svg, { fitTo: { mode: "width", value: width } });
  writeFileSync(`${folder}/${name}.png`, drawn.render().asPng());
}
