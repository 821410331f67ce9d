// Answers that a sound shop does not give: refusals, and boards as old as a test wants them.

import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { create, fromBinary, toBinary, type DescMessage, type MessageInitShape, type MessageShape } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { Page } from "@playwright/test";
import { WatchTicketsResponseSchema } from "../../src/gen/comanda/kitchen/v1/kitchen_service_pb.ts";
import { TicketSchema, type Ticket } from "../../src/gen/comanda/kitchen/v1/ticket_pb.ts";
import { digest } from "../../src/lib/board/board.ts";

export const HEADERS = { "content-type": "application/grpc-web+proto" };

function frame(flags: number, bytes: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(flags, 0);
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

export const message = <T extends DescMessage>(schema: T, value: MessageInitShape<T>) =>
  frame(0, toBinary(schema, create(schema, value)));

const CODES = { DEPENDENCY_DOWN: 14, RATE_LIMITED: 8, SIGN_IN_SLOWED: 8, TOKEN_EXPIRED: 16 } as const;

/** The method is refused from now on; by itself: the shop is there, but something behind it is not. */
export async function refuse(page: Page, method: string, reason: keyof typeof CODES = "DEPENDENCY_DOWN"): Promise<void> {
  await page.route(`**/${method}`, (route) => route.fulfill({ headers: refusal(reason) }));
}

/** The method answers with this message from now on. */
export async function answer(page: Page, method: string, bytes: Uint8Array): Promise<void> {
  const body = Buffer.concat([frame(0, bytes), frame(0x80, Buffer.from("grpc-status: 0\r\n"))]);
  await page.unroute(`**/${method}`);
  await page.route(`**/${method}`, (route) => route.fulfill({ headers: HEADERS, body }));
}

/** The method is refused once, with the advice to wait so many seconds: too much was asked from here. */
export async function limitOnce(
  page: Page,
  method: string,
  seconds: number,
  reason: keyof typeof CODES = "RATE_LIMITED",
): Promise<void> {
  const headers = refusal(reason, detail("RetryInfo", field(1, Buffer.from([8, seconds]))));
  await page.route(`**/${method}`, (route) => route.fulfill({ headers }), { times: 1 });
}

/** The message of an answer that has one. */
export function messageIn<T extends DescMessage>(schema: T, body: Buffer): MessageShape<T> {
  return fromBinary(schema, body.subarray(5, 5 + body.readUInt32BE(1)));
}

/** A google.rpc.Status with these details, as every refusal carries one. */
function refusal(reason: keyof typeof CODES, ...more: Buffer[]): Record<string, string> {
  const code = CODES[reason];
  const details = [detail("ErrorInfo", field(1, Buffer.from(reason))), ...more];
  const status = Buffer.concat([Buffer.from([8, code]), ...details.map((any) => field(3, any))]).toString("base64");
  return { ...HEADERS, "grpc-status": `${code}`, "grpc-message": "no", "grpc-status-details-bin": status };
}

const detail = (name: string, value: Buffer) =>
  Buffer.concat([field(1, Buffer.from(`type.googleapis.com/google.rpc.${name}`)), field(2, value)]);

const field = (number: number, bytes: Buffer) => Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes]);

/** A kitchen whose clock the test sets. It streams the same board to whoever asks, and a heartbeat each second. */
export class SetKitchen {
  private readonly server: Server;
  private readonly streams = new Set<ServerResponse>();
  private readonly beat = setInterval(() => this.streams.forEach((stream) => this.heartbeat(stream)), 1000);
  private isSilent = false;

  constructor(
    private readonly tickets: Ticket[],
    private now: number,
  ) {
    this.server = createServer((_, stream) => {
      if (this.isSilent) return;
      stream.writeHead(200, HEADERS);
      stream.write(message(WatchTicketsResponseSchema, { news: { case: "snapshot", value: { tickets, complete: true } } }));
      this.heartbeat(stream);
      this.streams.add(stream);
      stream.on("close", () => this.streams.delete(stream));
    });
  }

  async serve(page: Page): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    const { port } = this.server.address() as AddressInfo;
    await page.route("**/WatchTickets", (route) => route.continue({ url: `http://127.0.0.1:${port}/` }));
  }

  /** A ticket is new, or not what it was. */
  upsert(ticket: Ticket): void {
    const at = this.tickets.findIndex(({ orderId }) => orderId === ticket.orderId);
    this.tickets.splice(at < 0 ? this.tickets.length : at, at < 0 ? 0 : 1, ticket);
    const news = message(WatchTicketsResponseSchema, { news: { case: "upsert", value: ticket } });
    this.streams.forEach((stream) => stream.write(news));
  }

  setTime(now: number): void {
    this.now = now;
    this.streams.forEach((stream) => this.heartbeat(stream));
  }

  /** Says nothing any more, neither on the streams that there are nor to whoever asks. */
  fallSilent(): void {
    clearInterval(this.beat);
    this.isSilent = true;
  }

  close(): void {
    clearInterval(this.beat);
    this.server.closeAllConnections();
    this.server.close();
  }

  private heartbeat(stream: ServerResponse): void {
    const value = { serverTime: timestampFromMs(this.now), openCount: this.tickets.length, digest: digest(this.tickets) };
    stream.write(message(WatchTicketsResponseSchema, { news: { case: "heartbeat", value } }));
  }
}

let made = 0;

export function ticketOf(value: Omit<MessageInitShape<typeof TicketSchema>, "$typeName" | "$unknown">): Ticket {
  const seq = BigInt(++made);
  const orderId = `01900000-0000-7000-8000-${seq.toString(16).padStart(12, "0")}`;
  return create(TicketSchema, { orderId, number: seq, acceptedSeq: seq, revision: 1n, customerName: "Ana", ...value });
}
