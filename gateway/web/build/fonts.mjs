// The pages' two typefaces, cut down to the letters of Western European languages: node build/fonts.mjs <folder>

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import subset from "subset-font";

const [folder] = process.argv.slice(2);

const range = (first, last) => Array.from({ length: last - first + 1 }, (_, index) => String.fromCharCode(first + index));
const LETTERS = [...range(0x20, 0x7e), ...range(0xc0, 0xff), "\u00a0ªº°·§¡¿«»–—‘’“”•…−€£¥"].join("");

// Headings have one weight; everything else goes from regular to bold.
const FACES = { fraunces: { wght: 600 }, inter: { wght: { min: 400, max: 700 } } };

mkdirSync(folder, { recursive: true });
for (const [name, variationAxes] of Object.entries(FACES)) {
  const whole = readFileSync(`node_modules/@fontsource-variable/${name}/files/${name}-latin-wght-normal.woff2`);
  writeFileSync(`${folder}/${name}.woff2`, await subset(whole, LETTERS, { targetFormat: "woff2", variationAxes }));
}
