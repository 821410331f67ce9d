// Which drawing stands for a product that has no picture: by the words of its name, else by those of its category, in
// Portuguese and English. Pure.

import { fold } from "../../lib/menu/search.ts";
import type { DrawingName } from "./drawings.ts";

/** Beginnings of words, without accents. The word that comes first in a name decides: "bolo de cenoura com chocolate". */
const WORDS: Record<Exclude<DrawingName, "dish">, string> = {
  cold: "gelad|iced|cold|frap|refri|refresco|soda|agua|water|tonic|drink|coquetel|cocktail|bebida|milk ?shake",
  coffee:
    "cafe|coffee|espresso|expresso|cappuc|latte|flat|moca|mocha|macchiato|cortado|pingado|carioca|ristretto|chocolate quente|hot choc",
  tea: "chas?\\b|tea|mate\\b|matcha|chai|infus|camomila",
  juice: "suco|juice|limonada|lemonade|smoothie|vitamina",
  beer: "cerveja|chopp?e?\\b|beer|ipa\\b|lager|pilsen|ale\\b",
  wine: "vinho|wine|espumante|prosecco|champ|sangria|taca",
  iceCream: "sorvete|gelato|ice cream|affogato|picole|acai|sundae",
  cake: "bolos?\\b|tortas?\\b|cake|pie\\b|tart|brownie|cookie|biscoit|pudim|pudding|brigadeiro|quindim|doce|sweet|dessert|sobremesa|muffin|cheesecake|donut|sonho",
  bread: "pao|paes|bread|croissant|brioche|baguet|bagel|focaccia",
  sandwich: "sand|sanduic|misto|tostex|toast|torrada|burger|hamburg|bauru|wrap|panini|beirute",
  salad: "salad|poke|bowl",
  snack: "salgad|coxinha|empad|pastel|pasteis|esf[ih]|quiche|kibe|bolinho|porc|batata|fries|snack|petisco|tapioca|savou?r",
  plate: "prato|almoc|lunch|dinner|main|arroz|rice|massa|pasta|risot|frango|chicken|carne|meat|peixe|fish|pizza|sopa|soup|omelet|ovos|eggs",
};

const NAMES = Object.keys(WORDS) as (keyof typeof WORDS)[];
const ANY = new RegExp(`\\b(?:${NAMES.map((name) => `(?<${name}>${WORDS[name]})`).join("|")})`);
const COLD = new RegExp(`\\b(?:${WORDS.cold})`);

/** Both may be in either language. */
export function drawingOf(product: string, category: string): DrawingName {
  return drawingIn(product) ?? drawingIn(category) ?? "dish";
}

function drawingIn(words: string): DrawingName | undefined {
  const folded = fold(words);
  const groups = ANY.exec(folded)?.groups;
  const first = groups && NAMES.find((name) => groups[name] !== undefined);
  // "Latte gelado" is no hot cup.
  return (first === "coffee" || first === "tea") && COLD.test(folded) ? "cold" : first;
}
