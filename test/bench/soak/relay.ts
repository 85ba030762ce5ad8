import { connect, createServer, type Socket } from "node:net";

/** Passes connections on to a port of this machine. */
export interface Relay {
  readonly port: number;
  /** Ends all connections, and takes no new ones until `heal`. */
  cut(): void;
  heal(): void;
  close(): Promise<void>;
}

export async function startRelay(target: number): Promise<Relay> {
  const open = new Set<Socket>();
  let isCut = false;

  const endAll = (): void => {
    for (const socket of open) socket.destroy();
  };

  function join(one: Socket, other: Socket): void {
    open.add(one);
    one.on("error", () => undefined);
    one.on("close", () => {
      open.delete(one);
      other.destroy();
    });
  }

  const server = createServer((client) => {
    if (isCut) return void client.destroy();
    const upstream = connect(target, "127.0.0.1");
    join(client, upstream);
    join(upstream, client);
    client.pipe(upstream).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("A relay has a port.");
  return {
    port: address.port,
    cut() {
      isCut = true;
      endAll();
    },
    heal() {
      isCut = false;
    },
    async close() {
      endAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
