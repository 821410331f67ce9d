import assert from "node:assert/strict";
import { test } from "node:test";
import { Role } from "../../gen/comanda/identity/v1/identity_pb.ts";
import { draftOf, errorsOf, loginOf, shopsIn } from "./draft.ts";

const ANA = draftOf({ name: "Ana", login: "ana", role: Role.BARISTA, shopIds: ["main", "sul"] });

test("a person as stored is a draft without errors", () => {
  assert.deepEqual(errorsOf(ANA), {});
  assert.deepEqual(shopsIn(ANA), ["main", "sul"]);
});

test("each field is held to its limits", () => {
  const wrong = { ...ANA, name: " ", login: "Ána", shops: " , ", password: "123456789", pin: "123" };
  assert.deepEqual(Object.keys(errorsOf(wrong, { present: "required" })), ["name", "login", "shops", "password", "pin", "present"]);
  for (const pin of ["123456789", "12a4", "１２３４"]) assert.deepEqual(errorsOf({ ...ANA, pin }), { pin: true }, pin);
  for (const pin of ["", "0000", "12345678"]) assert.deepEqual(errorsOf({ ...ANA, pin }), {}, pin);
  assert.deepEqual(errorsOf(ANA, { password: "required" }), { password: true });
  assert.deepEqual(errorsOf({ ...ANA, password: "1234567890" }, { password: "required" }), {});
});

test("owners have every shop, so none is named", () => {
  const owner = { ...ANA, role: Role.OWNER };
  assert.deepEqual(shopsIn(owner), []);
  assert.deepEqual(errorsOf({ ...owner, shops: "" }), {});
});

test("shops count once", () => assert.deepEqual(shopsIn({ ...ANA, shops: "sul,main  sul" }), ["sul", "main"]));

test("a name suggests a login", () => {
  assert.equal(loginOf("João D'Ávila "), "joao.d.avila");
  assert.equal(loginOf("李"), "");
});
