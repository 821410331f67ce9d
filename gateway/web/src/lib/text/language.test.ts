import assert from "node:assert/strict";
import { afterEach, before, test } from "node:test";
import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorInfoSchema, LocalizedMessageSchema } from "../../gen/google/rpc/error_details_pb.ts";
import { en } from "../../text/en.ts";
import { followEn } from "../../text/follow_en.ts";
import { followPtBR } from "../../text/follow_pt_br.ts";
import { ptBR } from "../../text/pt_br.ts";
import { boardEn } from "../../text/board_en.ts";
import { boardPtBR } from "../../text/board_pt_br.ts";
import { staffEn } from "../../text/staff_en.ts";
import { staffPtBR } from "../../text/staff_pt_br.ts";
import { explain } from "../call/errors.ts";
import { language } from "./language.ts";
import { formatMoney } from "./money.ts";
import { boardText } from "./board_text.ts";
import { parseLanguage } from "./tags.ts";
import { text } from "./text.ts";
import { loadTexts } from "./texts.ts";

before(() => loadTexts("en"));
afterEach(() => (language.value = "pt-BR"));

test("a tag names one of the two languages, or none", () => {
  assert.equal(parseLanguage("en"), "en");
  assert.equal(parseLanguage("en-GB"), "en");
  assert.equal(parseLanguage("PT"), "pt-BR");
  for (const other of [null, "", "de", "enx", "x-en"]) assert.equal(parseLanguage(other), null);
});

test("texts, errors and money follow the language at once", () => {
  const price = () => formatMoney({ currencyCode: "BRL", minorUnits: 123450n }).replaceAll("\u00a0", " ");
  assert.equal(text.action.close, "Fechar");
  assert.equal(price(), "R$ 1.234,50");
  language.value = "en";
  assert.equal(text.action.close, "Close");
  assert.equal(boardText.board.undo, "Undo");
  assert.equal(price(), "R$1,234.50");
  assert.equal(explain(new Error("fetch")), en.errors.network);
});

test("the server's words become a sentence, and are dropped when the language is another", () => {
  const error = new ConnectError("", Code.NotFound, undefined, [
    { desc: ErrorInfoSchema, value: { reason: "ORDER_NOT_FOUND" } },
    { desc: LocalizedMessageSchema, value: { locale: "pt-BR", message: "pedido não encontrado" } },
  ]);
  assert.equal(explain(error), "Pedido não encontrado.");
  language.value = "en";
  assert.equal(explain(error), en.reasons.ORDER_NOT_FOUND);
});

/** Every text, with functions called with the same arguments. */
function texts(value: unknown, path = ""): Array<[string, string]> {
  if (typeof value === "function") return [[path, String(value(2, 3))]];
  if (typeof value === "string") return [[path, value]];
  return Object.entries(value as object).flatMap(([key, part]) => texts(part, `${path}.${key}`));
}

test("the catalogues have the same keys, and no text is empty or left untranslated", () => {
  const [portuguese, english] = [
    texts({ ...ptBR, follow: followPtBR, ...staffPtBR, ...boardPtBR }),
    texts({ ...en, follow: followEn, ...staffEn, ...boardEn }),
  ];
  assert.deepEqual(english.map(([path]) => path), portuguese.map(([path]) => path));
  const same = portuguese.filter(([, value], at) => value === english[at]![1]).map(([path]) => path);
  assert.deepEqual(same, [
    ".basket.total",
    ".follow.pageTitle",
    ".stock.failed",
    ".pause.minutes",
  ]);
  for (const [path, value] of [...portuguese, ...english]) assert.notEqual(value.trim(), "", path);
});
