import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { WatchTicketsResponseSchema } from "../../gen/comanda/kitchen/v1/kitchen_service_pb.ts";
import { TicketSchema, type Ticket } from "../../gen/comanda/kitchen/v1/ticket_pb.ts";
import { OrderState } from "../../gen/comanda/type/v1/order_state_pb.ts";
import { Board, digest, isOpen } from "./board.ts";

const { RECEIVED, PREPARING, READY, COLLECTED, CANCELLED } = OrderState;

const id = (n: number) => `01900000-0000-7000-8000-${n.toString(16).padStart(12, "0")}`;

function ticket(n: number, revision: number, state = RECEIVED): Ticket {
  return create(TicketSchema, { orderId: id(n), revision: BigInt(revision), acceptedSeq: BigInt(n), state });
}

type News = Parameters<Board["receive"]>[0];
const news = (value: Parameters<typeof create<typeof WatchTicketsResponseSchema>>[1]): News =>
  create(WatchTicketsResponseSchema, value).news;
const snapshot = (tickets: Ticket[], complete = true) =>
  news({ news: { case: "snapshot", value: { tickets, complete } } });
const upsert = (value: Ticket) => news({ news: { case: "upsert", value } });
const removed = (n: number, revision: number) =>
  news({ news: { case: "removed", value: { orderId: id(n), revision: BigInt(revision) } } });
const beat = (tickets: Ticket[]) =>
  news({ news: { case: "heartbeat", value: { openCount: tickets.length, digest: digest(tickets) } } });

function boardWith(...tickets: Ticket[]): Board {
  const board = new Board();
  board.begin();
  board.receive(snapshot(tickets));
  return board;
}

const shown = (board: Board) => board.tickets().map((t) => [Number(t.acceptedSeq), Number(t.revision)]);

test("the digest is the one the contract defines", () => {
  // low = 0x8000000000000001; × (2 × 3 + 1) = 0x3_8000000000000007, of which 64 bits remain.
  assert.equal(digest([{ orderId: "01900000-0000-7000-8000-000000000001", revision: 3n }]), 0x8000000000000007n);
  // Worked out apart from this code: 0xb3f2a1c4d5e6f708 × 11 + 0x8000000000000001 × 3, modulo 2^64.
  const two = [
    { orderId: "0192F6C0-1234-7abc-b3f2-a1c4d5e6f708", revision: 5n },
    { orderId: id(1), revision: 1n },
  ];
  assert.equal(digest(two), (0xb3f2a1c4d5e6f708n * 11n + 0x8000000000000001n * 3n) % 2n ** 64n);
  assert.equal(digest(two.toReversed()), digest(two));
  assert.equal(digest([]), 0n);
});

test("a snapshot counts only when it is complete, and then replaces the whole board", () => {
  const board = boardWith(ticket(1, 1), ticket(2, 1));
  board.begin();
  board.receive(snapshot([ticket(4, 1)], false));
  assert.deepEqual(shown(board), [[1, 1], [2, 1]]);
  assert.equal(board.receive(snapshot([ticket(3, 1)])), "changed");
  assert.deepEqual(shown(board), [[3, 1], [4, 1]]);
});

test("a snapshot that was cut off leaves nothing behind", () => {
  const board = boardWith(ticket(1, 1));
  board.begin();
  board.receive(snapshot([ticket(2, 1)], false));
  board.begin();
  board.receive(snapshot([ticket(3, 1)]));
  assert.deepEqual(shown(board), [[3, 1]]);
});

test("a snapshot may hold an older revision: it is what the database has", () => {
  const board = boardWith(ticket(1, 9, PREPARING));
  board.begin();
  board.receive(snapshot([ticket(1, 2)]));
  assert.deepEqual(shown(board), [[1, 2]]);
});

test("news between the parts of a snapshot is kept", () => {
  const board = new Board();
  board.begin();
  board.receive(snapshot([ticket(1, 1), ticket(2, 1)], false));
  board.receive(upsert(ticket(1, 2, PREPARING)));
  board.receive(removed(2, 2));
  board.receive(snapshot([ticket(3, 1)]));
  assert.deepEqual(shown(board), [[1, 2], [3, 1]]);
});

test("only higher revisions change a ticket", () => {
  const board = boardWith(ticket(1, 2, PREPARING));
  assert.equal(board.receive(upsert(ticket(1, 2, READY))), "unchanged");
  assert.equal(board.receive(upsert(ticket(1, 1))), "unchanged");
  assert.equal(board.receive(removed(1, 2)), "unchanged");
  assert.equal(board.tickets()[0]?.state, PREPARING);
  assert.equal(board.receive(upsert(ticket(1, 3, READY))), "changed");
  assert.equal(board.tickets()[0]?.state, READY);
});

test("a ticket that left comes back only with a higher revision", () => {
  const board = boardWith(ticket(1, 3, READY));
  assert.equal(board.receive(removed(1, 4)), "changed");
  assert.equal(board.receive(upsert(ticket(1, 3, READY))), "unchanged");
  assert.equal(board.receive(upsert(ticket(1, 4, READY))), "unchanged");
  assert.deepEqual(shown(board), []);
  board.receive(upsert(ticket(1, 5, READY)));
  assert.deepEqual(shown(board), [[1, 5]]);
});

test("a departure is remembered even if the ticket was never here", () => {
  const board = boardWith();
  board.receive(removed(1, 4));
  assert.equal(board.receive(upsert(ticket(1, 3))), "unchanged");
});

test("tickets stand in order of acceptance, not of arrival", () => {
  const board = boardWith(ticket(5, 1), ticket(2, 1));
  board.receive(upsert(ticket(3, 1)));
  assert.deepEqual(shown(board).map(([seq]) => seq), [2, 3, 5]);
});

test("a heartbeat fits, or the board is not current", () => {
  const held = [ticket(1, 1), ticket(2, 7, READY)];
  const board = boardWith(...held);
  assert.equal(board.receive(beat(held)), "current");
  assert.equal(board.receive(beat([held[0]!])), "mismatch");
  assert.equal(board.receive(beat([held[0]!, ticket(2, 8, READY)])), "mismatch");
  assert.equal(board.receive(beat([held[0]!, ticket(3, 7, READY)])), "mismatch");
  const wrongCount = { openCount: 3, digest: digest(held) };
  assert.equal(board.receive(news({ news: { case: "heartbeat", value: wrongCount } })), "mismatch");
});

test("a heartbeat before the end of the snapshot is a mismatch", () => {
  const board = new Board();
  board.begin();
  assert.equal(board.receive(beat([])), "mismatch");
});

test("a reply is shown at once, and heartbeats still describe what the stream told", () => {
  const board = boardWith(ticket(1, 1));
  assert.equal(board.reply(ticket(1, 2, PREPARING)), "changed");
  assert.deepEqual(shown(board), [[1, 2]]);
  // Read by the server just before the tap: no reason to distrust the board.
  assert.equal(board.receive(beat([ticket(1, 1)])), "current");
  assert.equal(board.receive(upsert(ticket(1, 2, PREPARING))), "changed");
  assert.equal(board.receive(beat([ticket(1, 2)])), "current");
  assert.deepEqual(shown(board), [[1, 2]]);
});

test("a late reply does not undo what the stream told", () => {
  const board = boardWith(ticket(1, 3, READY), ticket(2, 3, READY));
  assert.equal(board.reply(ticket(1, 2, PREPARING)), "unchanged");
  board.receive(removed(2, 4));
  assert.equal(board.reply(ticket(2, 3, READY)), "unchanged");
  board.begin(); // Also while a new stream has told nothing yet.
  assert.equal(board.reply(ticket(1, 2, PREPARING)), "unchanged");
  assert.deepEqual(shown(board), [[1, 3]]);
});

test("replies that overtake each other end at the latest", () => {
  const board = boardWith(ticket(1, 1));
  board.reply(ticket(1, 3, READY));
  assert.equal(board.reply(ticket(1, 2, PREPARING)), "unchanged");
  assert.deepEqual(shown(board), [[1, 3]]);
});

test("replies take tickets off the board and put them back", () => {
  const board = boardWith(ticket(1, 3, READY));
  board.reply(ticket(1, 4, COLLECTED));
  assert.deepEqual(shown(board), []);
  board.receive(removed(1, 4));
  board.reply(ticket(1, 5, READY));
  assert.deepEqual(shown(board), [[1, 5]]);
  board.receive(upsert(ticket(1, 6, PREPARING)));
  assert.deepEqual(shown(board), [[1, 6]]);
});

test("a reply outlives the snapshot of a replica that is a beat behind", () => {
  const board = boardWith(ticket(1, 1));
  board.reply(ticket(1, 2, PREPARING));
  board.begin();
  board.receive(snapshot([ticket(1, 1)]));
  assert.deepEqual(shown(board), [[1, 2]]);
});

test("a reply that the database does not confirm is dropped after three beats", () => {
  const board = boardWith(ticket(1, 1));
  board.reply(ticket(1, 2, PREPARING));
  for (let n = 0; n < 3; n++) assert.equal(board.receive(beat([ticket(1, 1)])), "current");
  assert.deepEqual(shown(board), [[1, 1]]);
});

test("cancelled tickets stay until the kitchen has seen them", () => {
  const cancelled = ticket(1, 2, CANCELLED);
  assert.equal(isOpen(cancelled), true);
  assert.equal(isOpen({ ...cancelled, cancellationAcknowledged: true }), false);
  assert.equal(isOpen(ticket(1, 2, COLLECTED)), false);
  const board = boardWith(cancelled);
  board.receive(upsert({ ...ticket(1, 3, CANCELLED), cancellationAcknowledged: true }));
  assert.deepEqual(shown(board), []);
});

test("news of an unknown kind changes nothing", () => {
  assert.equal(boardWith(ticket(1, 1)).receive({ case: undefined }), "unchanged");
});
