import type { IncomingMessage, ServerResponse } from "node:http";
import { readAsset } from "./assets.ts";
import { type Answer, refusalOf, refuse } from "./exchange.ts";
import { isFromElsewhere, isOurHost, readBody, send, urlOf } from "./http.ts";
import { createRouter, type Routes } from "./routes.ts";

interface SiteDeps {
  readonly api: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  readonly console: Routes<undefined>;
  readonly stream: { open(response: ServerResponse): void };
}

/** Everything on the sandbox's port: the APIs, the console with its stream, and the page. */
export function createSite({ api, console, stream }: SiteDeps) {
  const router = createRouter(console);

  return (request: IncomingMessage, response: ServerResponse): void => {
    serve(request, response).catch((error: unknown) => {
      // Who asked may have gone in the middle of the question.
      if (!response.headersSent && !response.destroyed) send(response, failed(error));
    });
  };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isOurHost(request)) throw refuse(403, "The sandbox answers on localhost only.");
    const url = urlOf(request);
    if (/^\/v1(?:\/|$)/.test(url.pathname)) return api(request, response);
    const readsOnly = request.method === "GET" || request.method === "HEAD";
    // The console needs no token, so nobody else's page may reach it through a visitor's browser.
    if (!readsOnly && isFromElsewhere(request)) throw refuse(403, "Another page may not use the console.");
    if (url.pathname === "/sandbox/events") return stream.open(response);
    send(response, await answer(request, url));
  }

  async function answer(
    request: IncomingMessage,
    { pathname: path, searchParams: query }: URL,
  ): Promise<Answer> {
    const method = request.method === "HEAD" ? "GET" : (request.method ?? "GET");
    if (!path.startsWith("/sandbox/")) {
      if (method !== "GET") throw refuse(405, "The page can only be read.");
      return readAsset(path);
    }
    const match = router(method, path);
    if (match === "no such method") throw refuse(405, "The console does not take this method here.");
    if (match === "no such path") throw refuse(404, "The console has nothing here.");
    const { headers } = request;
    const body = await readBody(request);
    return match.answer({ method, path, id: match.id, query, headers, body, base: "" }, undefined);
  }
}

/** An error that is no refusal is a mistake of the sandbox itself: whoever asked should see it. */
function failed(error: unknown): Answer {
  const { status, message, errors } = refusalOf(error) ?? {
    status: 500,
    message: `The sandbox has a fault of its own: ${error}`,
    errors: [],
  };
  return { status, json: { message, errors: errors.map((description) => ({ description })) } };
}
