// Money is whole minor units; nothing here turns it into a float.

import { text } from "./text.ts";

export interface Amount {
  currencyCode: string;
  minorUnits: bigint;
}

/** The server's table: digits after the point by currency, as its menus and orders tell them. Browsers have another one. */
const told = new Map<string, number>();

export function hearCurrency(currencyCode: string | undefined, digits: number | undefined): void {
  if (currencyCode && digits !== undefined) told.set(currencyCode, digits);
}

export function formatMoney(amount: Amount, signed = false): string {
  const { format, digits } = formatFor(text.locale, amount.currencyCode || "BRL", signed);
  // A decimal string is formatted exactly, whatever its size.
  return format.format(decimal(amount.minorUnits, digits) as `${number}`);
}

interface Format {
  format: Intl.NumberFormat;
  digits: number;
}

// Making one takes longer than drawing a product, and a long menu has thousands of prices.
const formats = new Map<string, Format>();

function formatFor(locale: string, currency: string, signed: boolean): Format {
  const digits = told.get(currency);
  const key = `${locale} ${currency} ${signed} ${digits}`;
  let found = formats.get(key);
  if (!found) {
    const signDisplay = signed ? "exceptZero" : "auto";
    const fraction = { minimumFractionDigits: digits, maximumFractionDigits: digits };
    const format = new Intl.NumberFormat(locale, { style: "currency", currency, signDisplay, ...fraction });
    formats.set(key, (found = { format, digits: format.resolvedOptions().maximumFractionDigits ?? 2 }));
  }
  return found;
}

/** The first format of all takes much longer than others; there is time for it while a menu is on its way. */
export function prepareMoney(): void {
  formatMoney({ currencyCode: "", minorUnits: 0n });
}

export function decimal(minorUnits: bigint, digits: number): string {
  const sign = minorUnits < 0n ? "-" : "";
  const all = `${minorUnits}`.replace("-", "").padStart(digits + 1, "0");
  return digits === 0 ? sign + all : `${sign}${all.slice(0, -digits)}.${all.slice(-digits)}`;
}
