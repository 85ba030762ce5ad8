import { createServer } from "node:net";

/** A port below the range that systems use for outgoing connections, so that no other process takes it meanwhile. */
export async function freePort(): Promise<number> {
  const port = 12_000 + Math.floor(Math.random() * 18_000);
  const server = createServer();
  const isFree = await new Promise<boolean>((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, () => resolve(true));
  });
  await new Promise((resolve) => server.close(resolve));
  return isFree ? port : freePort();
}
