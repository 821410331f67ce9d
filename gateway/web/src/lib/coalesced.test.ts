import assert from "node:assert/strict";
import { test } from "node:test";
import { coalesced } from "./coalesced.ts";

test("many asks at one go are one call, and a later one is another", async () => {
  let calls = 0;
  let called = () => {};
  const next = () => new Promise<void>((done) => (called = done));
  const one = coalesced(() => {
    calls++;
    called();
  });
  for (let n = 0; n < 500; n++) one.ask();
  assert.equal(calls, 0);
  await next();
  assert.equal(calls, 1);
  one.ask();
  await next();
  assert.equal(calls, 2);
  one.stop();
});
