import assert from "node:assert/strict";
import { test } from "node:test";
import { staffOrigin, trustPage } from "./network.ts";

const OWN = "http://192.168.0.7:8080";
const LAN = { staff: "https://comanda.local:8443", byAddress: ["https://192.168.0.7:8443"], fingerprint: "AA:BB" };

test("staff's devices are sent where they work best", () => {
  assert.equal(staffOrigin(null, OWN), OWN);
  assert.equal(staffOrigin({}, OWN), OWN);
  assert.equal(staffOrigin({ customers: "https://cafe.example" }, OWN), "https://cafe.example");
  assert.equal(staffOrigin({ customers: "https://cafe.example", lan: LAN }, OWN), LAN.staff);
});

test("whom to trust is learnt by the address that warns nobody", () => {
  assert.equal(trustPage({ customers: OWN, lan: LAN }), `${OWN}/confiar`);
  assert.equal(trustPage({ customers: "https://cafe.example" }), null);
  assert.equal(trustPage(null), null);
});
