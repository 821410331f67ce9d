// One stream for all tabs of a browser that ask the same: over HTTP/1.1 a browser gives an address six connections, and a
// stream keeps one. The tab whose turn it is reads the stream and hands on what it says; when that tab goes, the next
// one reads. Messages travel as bytes of the contract, so that tabs of different releases understand each other.

import { fromBinary, toBinary, type DescMessage, type MessageShape } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { newRequestId } from "../request_id.ts";
import { Inbox } from "./inbox.ts";
import { awaitTurn, type Turn } from "./turn.ts";

/** A tab that reads the stream answers at once, even behind others; one that is frozen or hangs does not. */
const ANSWER_MS = 1_500;

export interface Stream<D extends DescMessage> {
  /** Whatever tells requests and callers apart; equal names share. */
  name: string;
  schema: D;
  open(signal: AbortSignal): AsyncIterable<MessageShape<D>>;
  /** What brings a tab that comes later up to date; empty while that is not known. */
  state(): MessageShape<D>[];
}

export interface Heard<M> {
  message: M;
  /** How long ago the server last spoke. */
  ageMs: number;
}

type Said =
  | { kind: "lead" | "ask" | "here"; from: string; to?: string }
  | { kind: "state" | "news"; from: string; to?: string; messages: Uint8Array[]; at: number };

type Mail = Inbox<Said | "my turn">;
type Hearing<D extends DescMessage> = AsyncGenerator<Heard<MessageShape<D>>>;

/** Reads the stream, or hears it from the tab that does, until the signal is aborted. */
export async function* shared<D extends DescMessage>(stream: Stream<D>, signal: AbortSignal): Hearing<D> {
  const inbox: Mail = new Inbox(signal);
  const channel = new BroadcastChannel(`comanda.1 ${stream.name}`);
  channel.onmessage = ({ data }: MessageEvent<Said>) => inbox.put(data);
  const turn = awaitTurn(`comanda.1 ${stream.name}`, () => inbox.put("my turn"));
  const me = newRequestId();
  try {
    yield* follow(stream.schema, channel, inbox, turn, me);
    yield* lead(stream, channel, eitherOf(signal, turn.lost), me);
  } finally {
    turn.end();
    channel.close();
  }
}

/** Ends when this tab's turn has come. */
async function* follow<D extends DescMessage>(
  schema: D,
  channel: BroadcastChannel,
  inbox: Mail,
  turn: Turn,
  me: string,
): Hearing<D> {
  let leader: string | null = null;
  let unanswered: ReturnType<typeof setTimeout> | undefined;
  const ask = () => {
    leader = null;
    clearTimeout(unanswered);
    unanswered = setTimeout(turn.take, ANSWER_MS);
    channel.postMessage({ kind: "ask", from: me } satisfies Said);
  };
  try {
    ask();
    for (;;) {
      const said = await inbox.next();
      if (said === "my turn") return;
      if (said.to !== undefined && said.to !== me) continue;
      if (said.kind === "lead") ask();
      if (said.kind === "here" || said.kind === "state") clearTimeout(unanswered);
      if (said.kind === "state") leader = said.from;
      if ((said.kind !== "state" && said.kind !== "news") || said.from !== leader) continue;
      const ageMs = Math.max(0, Date.now() - said.at);
      for (const bytes of said.messages) yield { message: fromBinary(schema, bytes), ageMs };
    }
  } finally {
    clearTimeout(unanswered);
  }
}

async function* lead<D extends DescMessage>(
  { schema, open, state }: Stream<D>,
  channel: BroadcastChannel,
  signal: AbortSignal,
  me: string,
): Hearing<D> {
  const bytes = (messages: MessageShape<D>[]) => messages.map((message) => toBinary(schema, message));
  const say = (said: Said) => channel.postMessage(said);
  const waiting = new Set<string>();
  let isHeard = false;
  let at = 0;
  const tell = (to: string) => {
    const messages = bytes(state());
    if (messages.length) say({ kind: "state", from: me, to, messages, at });
    return messages.length > 0;
  };
  channel.onmessage = ({ data: { kind, from } }: MessageEvent<Said>) => {
    if (kind !== "ask") return;
    isHeard = true;
    if (tell(from)) return;
    waiting.add(from);
    say({ kind: "here", from: me, to: from });
  };
  say({ kind: "lead", from: me });
  for await (const message of open(signal)) {
    at = Date.now();
    yield { message, ageMs: 0 };
    // Told after this tab has taken it in, so that whoever asks meanwhile misses nothing.
    if (isHeard) say({ kind: "news", from: me, messages: bytes([message]), at });
    for (const to of waiting) if (tell(to)) waiting.delete(to);
  }
  if (signal.aborted) throw new ConnectError("another tab reads the stream now", Code.Canceled);
}

/** AbortSignal.any, for the browsers of older tablets. */
function eitherOf(...signals: AbortSignal[]): AbortSignal {
  const either = new AbortController();
  for (const one of signals) {
    if (one.aborted) either.abort();
    else one.addEventListener("abort", () => either.abort(), { once: true });
  }
  return either.signal;
}
