// What somebody was given to open a screen of the shop: a token, a pairing code, or a link that works once. Pure.

export interface Given {
  as: "token" | "code" | "link";
  secret: string;
}

/** Of a code for people. Those in the links that a shop prints are longer: nobody types them. */
const CODE_LENGTH = 8;
const LONGEST_CODE = 100;

/** What a link carries after its `#`; null when that opens nothing. */
export function ofFragment(fragment: string): Given | null {
  const text = fragment.trim();
  if (text.startsWith("pair=")) return codeIn(text.slice("pair=".length), LONGEST_CODE);
  if (text.startsWith("link=")) return secretIn("link", text.slice("link=".length));
  // A token has parts.
  return text.includes(".") ? secretIn("token", text) : null;
}

/** The same of what somebody typed or pasted: a code, a whole link, or a token. */
export function ofTyped(typed: string): Given | null {
  const fragment = typed.indexOf("#");
  return fragment < 0 ? (codeIn(typed, CODE_LENGTH) ?? ofFragment(typed)) : ofFragment(typed.slice(fragment + 1));
}

/** As people read it out: in two halves. */
export function inHalves(code: string): string {
  if (code.length !== CODE_LENGTH) return code;
  return `${code.slice(0, CODE_LENGTH / 2)}-${code.slice(CODE_LENGTH / 2)}`;
}

/** In any case, with spaces and dashes anywhere, also those that keyboards make of two. */
function codeIn(text: string, longest: number): Given | null {
  const secret = text.replace(/[\s\p{Dash}]/gu, "").toUpperCase();
  return /^[A-Z0-9]+$/.test(secret) && secret.length >= CODE_LENGTH && secret.length <= longest ? { as: "code", secret } : null;
}

/** It must fit into a header. */
function secretIn(as: Given["as"], secret: string): Given | null {
  return /^[\x21-\x7e]+$/.test(secret) ? { as, secret } : null;
}
