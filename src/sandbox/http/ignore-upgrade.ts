import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";

/**
 * Answers a request that offers another protocol as if it did not. Node hands over all offers once somebody listens to one kind,
 * and some clients offer HTTP/2 with their first request. The server reads the request again, without the offer.
 */
export function ignoreUpgrade(server: Server, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const { method, url, rawHeaders } = request;
  const headers = rawHeaders.flatMap((name, at) => {
    const isName = at % 2 === 0;
    return isName && !/^(?:upgrade|connection|http2-settings)$/i.test(name) ? `${name}: ${rawHeaders[at + 1]}` : [];
  });
  const start = [`${method} ${url} HTTP/1.1`, ...headers, "", ""].join("\r\n");
  socket.unshift(Buffer.concat([Buffer.from(start, "latin1"), head]));
  server.emit("connection", socket);
}
