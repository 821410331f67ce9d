import assert from "node:assert/strict";
import { test } from "node:test";
import { newRequestId, uuidV4 } from "./request_id.ts";

const V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test("random bytes become a UUID of version 4", () => {
  assert.equal(uuidV4(new Uint8Array(16)), "00000000-0000-4000-8000-000000000000");
  assert.equal(uuidV4(new Uint8Array(16).fill(255)), "ffffffff-ffff-4fff-bfff-ffffffffffff");
});

test("a page without randomUUID still gets one, each time another", () => {
  const { randomUUID } = crypto;
  try {
    Object.defineProperty(crypto, "randomUUID", { value: undefined, configurable: true });
    const ids = new Set(Array.from({ length: 100 }, newRequestId));
    assert.equal(ids.size, 100);
    for (const id of ids) assert.match(id, V4);
  } finally {
    Object.defineProperty(crypto, "randomUUID", { value: randomUUID, configurable: true });
  }
});
