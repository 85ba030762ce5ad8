import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** A request as it came in. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** An answer: a body as text or as JSON, or a network fault. */
export interface ScriptedResponse {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly json?: unknown;
  readonly body?: string;
  /** Closes at once; never answers; closes after half of the body; sends the body in pieces, without an end. */
  readonly fault?: "hang-up" | "silence" | "half" | "drip";
}

export interface Loopback {
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  /** How many connections were opened. */
  connections(): number;
  stop(): Promise<void>;
}

/** Answers in turn, the last one repeatedly; or a function of each request. */
export type Script =
  | readonly ScriptedResponse[]
  | ((request: ReceivedRequest, index: number) => ScriptedResponse | Promise<ScriptedResponse>);

/** A real HTTP server on a port of its own, which stops at the end of the test. */
export async function startLoopback(script: Script): Promise<Loopback> {
  const requests: ReceivedRequest[] = [];
  let connections = 0;
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://loopback");
    const body = await readWhole(request);
    // A client that closed in the middle has sent no request.
    if (body === undefined) return;
    const { method = "GET", headers } = request;
    const received: ReceivedRequest = { method, path: url.pathname, query: url.searchParams, headers, body };
    const index = requests.push(received) - 1;
    await sendResponse(
      response,
      typeof script === "function" ? await script(received, index) : (script[index] ?? script.at(-1) ?? {}),
    );
  });
  server.on("connection", () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  onTestFinished(stop);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    connections: () => connections,
    stop,
  };
}

async function readWhole(request: IncomingMessage): Promise<string | undefined> {
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of request) pieces.push(piece);
  } catch {
    return undefined;
  }
  return Buffer.concat(pieces).toString();
}

async function sendResponse(response: ServerResponse, answer: ScriptedResponse): Promise<void> {
  const body = answer.json === undefined ? (answer.body ?? "") : JSON.stringify(answer.json);
  if (answer.fault === "silence") return;
  if (answer.fault === "hang-up") return void response.destroy();
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  if (answer.json !== undefined && !response.hasHeader("content-type")) {
    response.setHeader("content-type", "application/json;charset=UTF-8");
  }
  response.writeHead(answer.status ?? 200);
  if (answer.fault === "drip") return drip(response);
  if (answer.fault !== "half") return void response.end(body);
  response.write(body.slice(0, body.length / 2), () => response.destroy());
}

function drip(response: ServerResponse): void {
  const timer = setInterval(() => response.write("."), 10);
  response.on("close", () => clearInterval(timer));
}
