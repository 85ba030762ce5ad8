import { createServer, type IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";

export interface Balancer {
  readonly port: number;
  /** Requests that no instance took. */
  refused(): number;
  close(): Promise<void>;
}

/** Hands each request to the instances in turns; where one fails, to the next. */
export async function startBalancer(ports: readonly number[]): Promise<Balancer> {
  let [turn, refused] = [0, 0];

  async function handOver(request: IncomingMessage): Promise<number> {
    const body = await buffer(request);
    const headers = new Headers();
    for (const name of ["content-type", "x-spark-signature"]) {
      const value = request.headers[name];
      if (typeof value === "string") headers.set(name, value);
    }
    turn += 1;
    for (const [index] of ports.entries()) {
      const port = ports[(turn + index) % ports.length];
      const answer = await fetch(`http://127.0.0.1:${port}${request.url}`, { method: "POST", headers, body }).catch(
        () => undefined,
      );
      if (answer?.ok) return answer.status;
    }
    refused += 1;
    return 502;
  }

  const server = createServer((request, response) => {
    void handOver(request).then((status) => response.writeHead(status).end());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("A balancer has a port.");
  return {
    port: address.port,
    refused: () => refused,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
