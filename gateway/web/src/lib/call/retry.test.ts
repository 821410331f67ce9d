import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { Code, ConnectError } from "@connectrpc/connect";
import { RetryInfoSchema } from "../../gen/google/rpc/error_details_pb.ts";
import { Backoff, pause, untilAnswered } from "./retry.ts";
import { page, settle } from "../testing.ts";

beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
afterEach(() => mock.timers.reset());

test("waits grow from half a second to fifteen, with jitter", () => {
  const longest = new Backoff(() => 1);
  assert.deepEqual([1, 2, 3, 4, 5, 6].map(() => longest.next()), [1500, 4500, 13500, 15000, 15000, 15000]);
  const shortest = new Backoff(() => 0);
  assert.deepEqual([shortest.next(), shortest.next()], [500, 500]);
  longest.reset();
  assert.equal(longest.next(), 1500);
  assert.equal(new Backoff(() => 0).next(3000), 3000);
});

test("a pause ends early when the network is back, the page is seen, or nobody waits any more", async () => {
  const aborted = new AbortController();
  let ended = 0;
  for (const signal of [undefined, undefined, aborted.signal]) void pause(60_000, signal).then(() => ended++);
  await settle();
  assert.equal(ended, 0);
  aborted.abort();
  await settle();
  assert.equal(ended, 1);
  page.dispatchEvent(new Event("online"));
  await settle();
  assert.equal(ended, 3);
});

test("a lost answer is asked for again, a refusal is not", async () => {
  let calls = 0;
  const answer = untilAnswered(async () => {
    if (++calls < 3) throw new ConnectError("gone", Code.Unavailable);
    return "stored";
  });
  for (let n = 0; n < 3; n++) {
    await settle();
    mock.timers.tick(15_000);
  }
  assert.equal(await answer, "stored");
  assert.equal(calls, 3);

  for (const code of [Code.InvalidArgument, Code.FailedPrecondition, Code.NotFound, Code.Aborted]) {
    let refused = 0;
    const call = async () => {
      refused++;
      throw new ConnectError("no", code);
    };
    await assert.rejects(untilAnswered(call), (error: ConnectError) => error.code === code);
    assert.equal(refused, 1);
  }
});

test("everything else may have been done, so it is repeated", async () => {
  const errors = [Code.DeadlineExceeded, Code.Unknown, Code.Internal, Code.ResourceExhausted, Code.Canceled].map(
    (code) => new ConnectError("lost", code),
  );
  for (const error of [...errors, new TypeError("Failed to fetch")]) {
    let calls = 0;
    const answer = untilAnswered(async () => {
      if (++calls === 1) throw error;
    });
    await settle();
    mock.timers.tick(15_000);
    await answer;
    assert.equal(calls, 2);
  }
});

test("who waits is told how long, at least as long as the server asks", async () => {
  const retry = { desc: RetryInfoSchema, value: { retryDelay: { seconds: 7n, nanos: 0 } } };
  const busy = new ConnectError("busy", Code.ResourceExhausted, undefined, [retry]);
  const waits: number[] = [];
  let calls = 0;
  const answer = untilAnswered(
    async () => {
      if (++calls < 2) throw busy;
    },
    { waits: (error, ms) => waits.push(error === busy ? ms : -1) },
  );
  await settle();
  assert.deepEqual(waits, [7000]);
  mock.timers.tick(6_999);
  await settle();
  assert.equal(calls, 1);
  mock.timers.tick(1);
  await answer;
  assert.equal(calls, 2);
});

test("it gives up after its tries, or when told so during the wait", async () => {
  let calls = 0;
  const call = async () => {
    calls++;
    throw new ConnectError("gone", Code.Unavailable);
  };
  const tried = assert.rejects(untilAnswered(call, { tries: 2 }));
  await settle();
  mock.timers.tick(15_000);
  await tried;
  assert.equal(calls, 2);

  let wanted = true;
  const stopped = assert.rejects(untilAnswered(call, { again: () => wanted }));
  await settle();
  wanted = false;
  mock.timers.tick(15_000);
  await stopped;
  assert.equal(calls, 3);
});
