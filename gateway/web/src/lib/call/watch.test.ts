import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { Code, ConnectError } from "@connectrpc/connect";
import { settle } from "../testing.ts";
import { keepWatching, type Attempt, type Watch } from "./watch.ts";

let watch: Watch | undefined;

beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
afterEach(() => {
  watch?.stop();
  mock.timers.reset();
});

/** A stream whose end the test decides; like a real one it fails when it is aborted. */
class Streams {
  readonly attempts: Array<Attempt & { end(final: boolean): void; fail(error: Error): void }> = [];

  visit = (attempt: Attempt): Promise<boolean> =>
    new Promise((end, fail) => {
      attempt.signal.addEventListener("abort", () => fail(new ConnectError("aborted", Code.Canceled)));
      this.attempts.push({ ...attempt, end, fail });
    });

  get last() {
    return this.attempts.at(-1)!;
  }
}

function start() {
  const streams = new Streams();
  watch = keepWatching(streams.visit, { silenceMs: 2500 });
  return { streams, state: () => watch!.health.value.state };
}

async function pass(ms: number): Promise<void> {
  await settle();
  mock.timers.tick(ms);
  await settle();
}

test("it is live once the stream has shown to be current", async () => {
  const { streams, state } = start();
  assert.equal(state(), "connecting");
  streams.last.current();
  assert.equal(state(), "live");
});

test("each sign of life extends it; silence loses the screen and reconnects", async () => {
  const { streams, state } = start();
  for (let n = 0; n < 5; n++) {
    streams.last.current();
    await pass(2400);
  }
  assert.equal(state(), "live");
  assert.equal(streams.attempts.length, 1);
  await pass(100);
  assert.equal(state(), "lost");
  assert.equal(streams.last.signal.aborted, true);
  await pass(15_000);
  assert.equal(streams.attempts.length, 2);
  assert.equal(state(), "lost");
  streams.last.current();
  assert.equal(state(), "live");
});

test("news that is old when it arrives counts from when it was new", async () => {
  const { streams, state } = start();
  streams.last.current(2500);
  assert.equal(state(), "connecting");
  streams.last.current(2000);
  assert.equal(state(), "live");
  await pass(500);
  assert.equal(state(), "lost");
});

test("a stream that was given up can no longer call itself current", async () => {
  const { streams, state } = start();
  streams.last.current();
  await pass(2500);
  streams.attempts[0]!.current();
  assert.equal(state(), "lost");
});

test("a stream that never speaks is given up as well", async () => {
  const { streams, state } = start();
  await pass(8000);
  assert.equal(state(), "lost");
  await pass(15_000);
  assert.equal(streams.attempts.length, 2);
});

test("a stream that never speaks while calls are answered is held back by something, and that is told", async () => {
  let answers = true;
  const ask = () => (answers ? Promise.resolve() : Promise.reject(new Error("away")));
  const streams = new Streams();
  watch = keepWatching(streams.visit, { silenceMs: 2500, ask });
  const held = () => {
    const now = watch!.health.value;
    return now.state === "lost" && now.held;
  };
  await pass(8000);
  assert.equal(held(), true);
  await pass(15_000);
  await pass(8000);
  assert.equal(streams.attempts.length, 2);
  assert.equal(held(), true);
  answers = false;
  await pass(15_000);
  await pass(8000);
  assert.equal(held(), false, "now the server is away");
  await pass(15_000);
  streams.last.current();
  assert.equal(watch.health.value.state, "live");
  answers = true;
  await pass(2500);
  assert.equal(held(), false, "a stream that has spoken came through");
});

test("any other end than the final one means watching again", async () => {
  const { streams, state } = start();
  streams.last.current();
  streams.last.end(false);
  await pass(0);
  assert.equal(state(), "lost");
  await pass(1500);
  assert.equal(streams.attempts.length, 2);
  streams.last.fail(new ConnectError("draining", Code.Unavailable));
  await pass(15_000);
  assert.equal(streams.attempts.length, 3);
  streams.last.end(true);
  await pass(60_000);
  assert.equal(state(), "ended");
  assert.equal(streams.attempts.length, 3);
});

test("a stream that was current makes the next wait short again", async () => {
  const { streams } = start();
  for (let n = 0; n < 12; n++) {
    streams.last.fail(new ConnectError("down", Code.Unavailable));
    await pass(15_000);
  }
  streams.last.current();
  streams.last.fail(new ConnectError("down", Code.Unavailable));
  await pass(1500);
  assert.equal(streams.attempts.length, 14);
});

test("a refusal is told, and tried again rarely", async () => {
  const { streams, state } = start();
  streams.last.fail(new ConnectError("who are you", Code.Unauthenticated));
  await pass(59_000);
  assert.equal(state(), "refused");
  assert.equal(streams.attempts.length, 1);
  await pass(1000);
  assert.equal(streams.attempts.length, 2);
});

test("stopped means stopped", async () => {
  const { streams } = start();
  watch!.stop();
  await pass(60_000);
  assert.equal(streams.attempts.length, 1);
  assert.equal(streams.last.signal.aborted, true);
});
