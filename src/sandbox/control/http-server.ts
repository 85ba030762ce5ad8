import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import {
  type HttpResponse,
  httpError,
  httpErrorOf,
  isCrossOrigin,
  isLoopbackHost,
  readBody,
  requestUrl,
  sendResponse,
} from "../http/http-messages.ts";
import { createRouter, type Routes } from "../http/router.ts";
import { readPageFile } from "./page-files.ts";

interface RequestHandlerDeps {
  readonly api: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  readonly control: Routes<undefined>;
  readonly eventStream: { open(response: ServerResponse): void };
}

/** Handles all requests on the sandbox's port: the APIs, the control API with its event stream, and the page. */
export function createRequestHandler({ api, control, eventStream }: RequestHandlerDeps) {
  const router = createRouter(control);

  return (request: IncomingMessage, response: ServerResponse): void => {
    serve(request, response).catch((error: unknown) => {
      // The client may have closed the connection.
      if (!response.headersSent && !response.destroyed) sendResponse(response, serverError(error));
    });
  };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isLoopbackHost(request)) throw httpError(403, "The sandbox answers on localhost only.");
    const url = requestUrl(request);
    if (/^\/(?:v1|u2c|wdm|conversation|metrics)(?:\/|$)/.test(url.pathname)) return api(request, response);
    const readsOnly = request.method === "GET" || request.method === "HEAD";
    // The control API needs no token, so pages of other sites must not call it.
    if (!readsOnly && isCrossOrigin(request)) throw httpError(403, "Another page may not use the console.");
    if (url.pathname === "/sandbox/events") return eventStream.open(response);
    sendResponse(response, await answer(request, url));
  }

  async function answer(request: IncomingMessage, { pathname: path, searchParams: query }: URL): Promise<HttpResponse> {
    const method = request.method === "HEAD" ? "GET" : (request.method ?? "GET");
    if (!path.startsWith("/sandbox/")) {
      if (method !== "GET") throw httpError(405, "The page can only be read.");
      return readPageFile(path);
    }
    const match = router(method, path);
    if (match === "no such method") throw httpError(405, "The console does not take this method here.");
    if (match === "no such path") throw httpError(404, "The console has nothing here.");
    const { headers } = request;
    const body = await readBody(request);
    return match.handler({ method, path, id: match.id, query, headers, body, base: "" }, undefined);
  }
}

/** Any other error is a bug of the sandbox, and the client should see it. */
function serverError(error: unknown): HttpResponse {
  const { status, message, errors } = httpErrorOf(error) ?? {
    status: 500,
    message: `The sandbox has a fault of its own: ${error}`,
    errors: [],
  };
  return { status, json: { message, errors: errors.map((description) => ({ description })) } };
}

/** Listens on loopback only, because the sandbox has no authentication. Rejects with the system's error when the port is in use. */
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
 * A free port: the preferred one, or any. The preferred one is safer, because the system uses the others for outgoing
 * connections too.
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
