import type { IncomingMessage, ServerResponse } from "node:http";
import { type HttpResponse, httpError } from "./exchange.ts";

/** A file may have 100 MB, and a form is a little larger than what is in it. */
const MAX_BODY_BYTES = 101 * 1024 * 1024;

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  if (Number(request.headers["content-length"]) > MAX_BODY_BYTES)
    throw httpError(413, "The request is too large.");
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw httpError(413, "The request is too large.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/** The address that was asked for, on whichever name of ours the asker used. */
export function requestUrl({ url, headers }: IncomingMessage): URL {
  const text = `http://${headers.host}${url}`;
  if (!URL.canParse(text)) throw httpError(400, "The address could not be read.");
  return new URL(text);
}

export function sendResponse(
  response: ServerResponse,
  { status, headers = {}, json, bytes }: HttpResponse,
): void {
  const body = bytes ?? (json === undefined ? undefined : Buffer.from(JSON.stringify(json)));
  response.writeHead(status, {
    ...(json !== undefined && { "content-type": "application/json;charset=UTF-8" }),
    ...(body && { "content-length": body.length }),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    ...headers,
  });
  response.end(response.req.method === "HEAD" ? undefined : body);
}

/** The host a request was sent to, unless it is not ours: a page on the internet may have pointed its own name at us. */
export function isLoopbackHost(request: IncomingMessage): boolean {
  return /^(?:localhost|127\.0\.0\.1)(?::\d+)?$/i.test(request.headers.host ?? "");
}

/** Whether a browser sends this from a page of somebody else's. Programs send neither header. */
export function isCrossOrigin({ headers }: IncomingMessage): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") return true;
  return headers.origin !== undefined && headers.origin !== `http://${headers.host}`;
}
