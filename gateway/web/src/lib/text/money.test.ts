import assert from "node:assert/strict";
import { test } from "node:test";
import { decimal, formatMoney, hearCurrency } from "./money.ts";

const brl = (minorUnits: bigint, signed = false) =>
  formatMoney({ currencyCode: "BRL", minorUnits }, signed).replaceAll("\u00a0", " ");

test("minor units become a decimal without a float", () => {
  assert.equal(decimal(1250n, 2), "12.50");
  assert.equal(decimal(5n, 2), "0.05");
  assert.equal(decimal(-5n, 2), "-0.05");
  assert.equal(decimal(-1250n, 2), "-12.50");
  assert.equal(decimal(7n, 0), "7");
  assert.equal(decimal(1n, 3), "0.001");
});

test("prices look Brazilian, and are exact beyond 2^53", () => {
  assert.equal(brl(123450n), "R$ 1.234,50");
  assert.equal(brl(0n), "R$ 0,00");
  assert.equal(brl(900719925474099301n), "R$ 9.007.199.254.740.993,01");
});

test("a price delta shows its sign", () => {
  assert.equal(brl(300n, true), "+R$ 3,00");
  assert.equal(brl(-150n, true), "-R$ 1,50");
});

test("each currency has its own minor units and sign", () => {
  const format = (currencyCode: string, minorUnits: bigint) =>
    formatMoney({ currencyCode, minorUnits }).replaceAll("\u00a0", " ");
  assert.equal(format("EUR", 1250n), "€ 12,50");
  assert.match(format("JPY", 500n), /^\D+500$/);
  assert.match(format("JPY", 12500n), /^\D+12\.500$/, "yen have no minor units");
  assert.match(format("KWD", 1250n), /1,250$/);
});

test("the server's digits count, not the browser's", () => {
  hearCurrency("HUF", undefined);
  hearCurrency(undefined, 0);
  hearCurrency("HUF", 2);
  hearCurrency("CLF", 4);
  const format = (currencyCode: string, minorUnits: bigint) =>
    formatMoney({ currencyCode, minorUnits }).replaceAll("\u00a0", " ");
  assert.match(format("HUF", 125000n), /1\.250,00$/);
  assert.match(format("HUF", 1n), /0,01$/);
  assert.match(format("CLF", 12500n), /1,2500$/);
});
