import { createServer, type Server } from "node:http";

/** Loopback only: the sandbox has no locks. Rejects with the system's error when the port is taken. */
export function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve(`http://127.0.0.1:${listeningPort(server)}`);
    });
  });
}

/**
 * A port that nobody listens on at the moment: this one, or any. One of somebody's own choice is safer, because the
 * system gives the others away for outgoing connections too.
 */
export async function freePort(preferred: number): Promise<number> {
  const server = createServer();
  try {
    await listen(server, preferred);
  } catch (error) {
    if (preferred === 0) throw error;
    return freePort(0);
  }
  const port = listeningPort(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function listeningPort(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}
