// An order whose shop's clock the test sets. It streams that order to whoever asks, and a heartbeat each second.

import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { Page } from "@playwright/test";
import { OrderSchema, type Order } from "../../src/gen/comanda/orders/v1/order_pb.ts";
import { WatchOrderResponseSchema } from "../../src/gen/comanda/orders/v1/order_service_pb.ts";
import { OrderState } from "../../src/gen/comanda/type/v1/order_state_pb.ts";
import { HEADERS, message } from "./grpc_web.ts";

const ID = "01900000-0000-7000-8000-0000000000aa";

export class SetOrder {
  readonly path = `/acompanhar#${ID}.k1.o.token`;
  private order: Order;
  private readonly server: Server;
  private readonly streams = new Set<ServerResponse>();
  private readonly beat = setInterval(() => this.streams.forEach((stream) => this.heartbeat(stream)), 1000);

  constructor(
    value: Omit<MessageInitShape<typeof OrderSchema>, "$typeName" | "$unknown">,
    private now: number,
  ) {
    const order = { orderId: ID, shopId: "main", number: 7n, customerName: "Ana", timeZone: "America/Sao_Paulo" };
    const updateTime = timestampFromMs(now);
    this.order = create(OrderSchema, { ...order, state: OrderState.RECEIVED, revision: 1n, updateTime, ...value });
    this.server = createServer((_, stream) => {
      stream.writeHead(200, HEADERS);
      this.heartbeat(stream);
      this.tell(stream);
      this.streams.add(stream);
      stream.on("close", () => this.streams.delete(stream));
    });
  }

  async serve(page: Page): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    const { port } = this.server.address() as AddressInfo;
    await page.route("**/WatchOrder", (route) => route.continue({ url: `http://127.0.0.1:${port}/` }));
  }

  setTime(now: number): void {
    this.now = now;
    this.streams.forEach((stream) => this.heartbeat(stream));
  }

  setState(state: OrderState): void {
    this.order = create(OrderSchema, { ...this.order, state, revision: this.order.revision + 1n });
    this.streams.forEach((stream) => this.tell(stream));
  }

  close(): void {
    clearInterval(this.beat);
    this.server.closeAllConnections();
    this.server.close();
  }

  private tell(stream: ServerResponse): void {
    stream.write(message(WatchOrderResponseSchema, { news: { case: "order", value: this.order } }));
  }

  private heartbeat(stream: ServerResponse): void {
    const value = { serverTime: timestampFromMs(this.now) };
    stream.write(message(WatchOrderResponseSchema, { news: { case: "heartbeat", value } }));
  }
}
