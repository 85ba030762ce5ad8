import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";

/** A fault of the list of customers: 200 without customers, with the first half of them, or with the same two pages in turn. */
export type Lie = "empty" | "half" | "alternate";

export interface HttpRequest {
  readonly method: string;
  /** `/messages/abc`: without `/v1` and without the query. */
  readonly path: string;
  /** The value of `:id` in the route, decoded. */
  readonly id: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The base address for links in the answer: `http://127.0.0.1:4000/v1`. */
  readonly base: string;
  /** Set by a fault. */
  readonly lie?: Lie;
  readonly bareLinks?: boolean;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly bytes?: Uint8Array;
}

export const ok = (json: unknown): HttpResponse => ({ status: 200, json });
export const created = (json: unknown): HttpResponse => ({ status: 201, json });
export const NO_CONTENT: HttpResponse = { status: 204 };

export interface HttpError {
  readonly status: number;
  readonly message: string;
  readonly errors: readonly string[];
}

const httpErrors = new WeakMap<Error, HttpError>();

/** An error for a route to throw: the answer has this status, message and list of errors. */
export function httpError(status: number, message: string, errors: readonly string[] = [message]): Error {
  const error = new Error(`${status} ${message}`);
  httpErrors.set(error, { status, message, errors });
  return error;
}

export const httpErrorOf = (error: unknown): HttpError | undefined =>
  error instanceof Error ? httpErrors.get(error) : undefined;

/** The JSON body, validated. Throws an error 400 that lists all problems. */
export function readJson<T>(ask: HttpRequest, schema: z.ZodType<T>): T {
  return validate(parseJson(ask.body), schema);
}

/** The same of a body that may also be a form, as Webex takes it. */
export function readFields<T>(ask: HttpRequest, schema: z.ZodType<T>): T {
  const isForm = ask.headers["content-type"]?.startsWith("application/x-www-form-urlencoded");
  return isForm
    ? validate(Object.fromEntries(new URLSearchParams(ask.body.toString())), schema)
    : readJson(ask, schema);
}

/** True or false; a form has no other types than texts. */
export const flag = z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")]);

export function validate<T>(value: unknown, schema: z.ZodType<T>): T {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const slips = read.error.issues.map(({ path, message }) => `${path.join(".") || "body"}: ${message}`);
  throw httpError(400, "The request could not be understood.", slips);
}

function parseJson(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString());
  } catch {
    throw httpError(400, "The body is not JSON.");
  }
}

/** A whole number of the query; `usual` when absent. Throws an error 400 for anything else or less than `least`. */
export function queryNumber(ask: HttpRequest, name: string, limits: { usual: number; least: number }): number {
  const text = ask.query.get(name);
  if (text === null || text === "") return limits.usual;
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= limits.least) return number;
  throw httpError(400, `${name} must be a whole number, ${limits.least} or more; it was "${text}".`);
}

/** One page of `items`, and a `Link` to the next one (RFC 5988). More than `most` at once is cut to it, as Webex does. */
export function paginate<T>(
  ask: HttpRequest,
  items: readonly T[],
  limits: { usual: number; most: number },
): HttpResponse {
  const max = Math.min(queryNumber(ask, "max", { usual: limits.usual, least: 1 }), limits.most);
  const start = queryNumber(ask, "cursor", { usual: 0, least: 0 });
  const headers = items.length > start + max ? nextLink(ask, { cursor: start + max, max }) : {};
  return { status: 200, headers, json: { items: items.slice(start, start + max) } };
}

/** The `Link` header of the next page: the same address with these parameters changed; with these alone after a fault. */
export function nextLink(ask: HttpRequest, changes: Readonly<Record<string, string | number>>): { Link: string } {
  const query = new URLSearchParams(ask.bareLinks ? {} : ask.query);
  for (const [name, value] of Object.entries(changes)) query.set(name, String(value));
  return { Link: `<${ask.base}${ask.path}?${query}>; rel="next"` };
}

/** A file may have 100 MB, and its form is a little larger. */
const MAX_BODY_BYTES = 101 * 1024 * 1024;

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  if (Number(request.headers["content-length"]) > MAX_BODY_BYTES) throw httpError(413, "The request is too large.");
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw httpError(413, "The request is too large.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/** The URL of a request, with the host name that the client used. */
export function requestUrl({ url, headers }: IncomingMessage): URL {
  const text = `http://${headers.host}${url}`;
  if (!URL.canParse(text)) throw httpError(400, "The address could not be read.");
  return new URL(text);
}

export function sendResponse(response: ServerResponse, { status, headers = {}, json, bytes }: HttpResponse): void {
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

/** True for our own host names only: a web page may point its own name at this address (DNS rebinding). */
export function isLoopbackHost(request: IncomingMessage): boolean {
  return /^(?:localhost|127\.0\.0\.1)(?::\d+)?$/i.test(request.headers.host ?? "");
}

/** True if a browser sends this from another site. Programs send neither header. */
export function isCrossOrigin({ headers }: IncomingMessage): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") return true;
  return headers.origin !== undefined && headers.origin !== `http://${headers.host}`;
}
