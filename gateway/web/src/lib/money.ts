// Money is whole minor units; nothing here turns it into a float.

import { text } from "./text.ts";

export interface Amount {
  currencyCode: string;
  minorUnits: bigint;
}

export function formatMoney(amount: Amount, signed = false): string {
  const format = new Intl.NumberFormat(text.locale, {
    style: "currency",
    currency: amount.currencyCode || "BRL",
    signDisplay: signed ? "exceptZero" : "auto",
  });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  // A decimal string is formatted exactly, whatever its size.
  return format.format(decimal(amount.minorUnits, digits) as `${number}`);
}

export function decimal(minorUnits: bigint, digits: number): string {
  const sign = minorUnits < 0n ? "-" : "";
  const all = (minorUnits < 0n ? -minorUnits : minorUnits).toString().padStart(digits + 1, "0");
  return digits === 0 ? sign + all : `${sign}${all.slice(0, -digits)}.${all.slice(-digits)}`;
}
