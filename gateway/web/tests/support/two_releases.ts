// What stands in front of two gateways while one release replaces another: pages come from the one or from the other. Both
// are the same program; the other release's files have names of their own, which only its gateway knows.

import { once } from "node:events";
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Comanda } from "./comanda.ts";

export const OTHER_RELEASE = "feedfacefeedface";
const OTHER_FILES = "/assets/other-";

export class TwoReleases {
  origin = "";
  /** Of which release the pages are that come from now on. */
  pages: "this" | "other" = "this";
  /** Whether the other release's gateway can be reached for files. */
  hasOtherFiles = true;
  private readonly server = createServer((asked, answer) => this.pass(asked, answer));

  private constructor(private readonly behind: URL) {}

  /** From now on the shop is reached through it. */
  static async before(comanda: Comanda): Promise<TwoReleases> {
    const releases = new TwoReleases(new URL(comanda.origin));
    releases.server.listen(0, "127.0.0.1");
    await once(releases.server, "listening");
    releases.origin = `http://127.0.0.1:${(releases.server.address() as AddressInfo).port}`;
    comanda.origin = releases.origin;
    return releases;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private pass(asked: IncomingMessage, answer: ServerResponse): void {
    const { hostname, port, host } = this.behind;
    const isOthers = asked.url!.startsWith(OTHER_FILES) && this.hasOtherFiles;
    const path = isOthers ? asked.url!.replace(OTHER_FILES, "/assets/") : asked.url!;
    // As it is: neither compressed nor "not modified", since it may be changed on the way.
    const { "accept-encoding": _, "if-none-match": __, ...headers } = asked.headers;
    const onward = request({ hostname, port, path, method: asked.method, headers: { ...headers, host } }, (reply) => {
      const isText = /^(text\/html|text\/plain|text\/javascript)/.test(reply.headers["content-type"] ?? "");
      const isAsIs = path.startsWith("/assets/") ? !isOthers : this.pages === "this";
      if (isAsIs || !isText) {
        answer.writeHead(reply.statusCode!, reply.headers);
        reply.pipe(answer);
        return;
      }
      const chunks: Buffer[] = [];
      reply.on("data", (chunk: Buffer) => chunks.push(chunk));
      reply.on("end", () => answer.writeHead(reply.statusCode!, untold(reply)).end(ofOther(path, Buffer.concat(chunks).toString("utf8"))));
    });
    onward.on("error", () => answer.destroy());
    answer.on("close", () => onward.destroy());
    asked.pipe(onward);
  }
}

function untold(reply: IncomingMessage): Record<string, string> {
  return { "content-type": reply.headers["content-type"]!, "cache-control": "no-cache" };
}

/** A page, a script, the worker or the release's name, as the other release has it. */
function ofOther(path: string, text: string): string {
  if (path === "/release.txt") return OTHER_RELEASE;
  // The release is what it keeps the page under.
  if (path.startsWith("/sw.js")) return text.replace(/(["'`])[0-9a-f]{16}\1/g, `"${OTHER_RELEASE}"`);
  // Its scripts need each other by the names that they have there: one that came by two names would run twice.
  if (path.startsWith("/assets/")) return text.replace(/(["'`])\.\/(?=[\w.-]+\.js\1)/g, "$1./other-");
  return text.replaceAll("/assets/", OTHER_FILES).replace(/content="[0-9a-f]{16}"/, `content="${OTHER_RELEASE}"`);
}
