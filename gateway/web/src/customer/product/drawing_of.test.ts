import assert from "node:assert/strict";
import { test } from "node:test";
import { drawingOf } from "./drawing_of.ts";

test("a name decides, in either language, by its first word that says something", () => {
  const names = {
    "Espresso duplo": "coffee",
    "Latte gelado": "cold",
    "Iced tea": "cold",
    "Chá de camomila com maçã": "tea",
    "Pão de queijo": "bread",
    "Bolo de cenoura com chocolate": "cake",
    "Bolinho de bacalhau": "snack",
    "Chocolate quente": "coffee",
    "Orange juice": "juice",
    "Torta de limão": "cake",
    "Torrada com ovos": "sandwich",
    "Água com gás": "cold",
    "Affogato": "iceCream",
    "Chopp claro": "beer",
    "Taça de vinho": "wine",
    "Caesar salad": "salad",
    "Prato do dia": "plate",
  };
  for (const [name, drawing] of Object.entries(names)) assert.equal(drawingOf(name, ""), drawing, name);
});

test("otherwise the category decides, and what nobody knows has a drawing too", () => {
  assert.equal(drawingOf("Romeu e Julieta", "Doces e bolos"), "cake");
  assert.equal(drawingOf("Romeu e Julieta", "Novidades"), "dish");
});
