import { setTimeout as timer } from "node:timers/promises";
import { Agent, request as send } from "undici";
import { Failure } from "./errors.ts";
import { parseLink, pathBelow } from "./link.ts";
import { NOT_SENT, type RetryOptions, type RetryRules, readRetryAfter, retryDelay } from "./retry.ts";
import { type RequestBody, requestBody } from "./upload.ts";

export interface HttpOptions extends RetryOptions {
  /** Everything is asked below this address: a token goes nowhere else. */
  readonly baseUrl: string;
  /** How many connections are open at once, at most. */
  readonly connections: number;
  /** To connect, to the headers, and between two pieces of the body. */
  readonly timeoutMs: number;
  readonly onRetry?: (retry: Retry) => void;
  /** The largest body that is read, in bytes (20 MB). */
  readonly bodyLimit?: number;
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** A call that is about to be made again: `retry` counts from 1, `reason` is a status or a network error code. */
export interface Retry {
  readonly method: string;
  /** Without its query, which may hold what somebody typed: this is for the log. */
  readonly path: string;
  readonly retry: number;
  readonly waitMs: number;
  readonly reason: number | string;
}

export interface HttpCall extends RetryRules {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below the base address, beginning with a slash. */
  readonly path: string;
  /** A list becomes a repeated key. */
  readonly query?: Readonly<Record<string, string | number | readonly string[] | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: RequestBody;
  readonly signal?: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  /** The body's value; undefined when it is not JSON. */
  json(): unknown;
  readonly retryAfterMs?: number;
  /** Whether a Link header names a next page. */
  readonly hasNext: boolean;
  /** That page, as the path of another call; absent when it lies outside the base address and must not be followed. */
  readonly nextPath?: string;
}

export interface Http {
  /** Answers with whatever status came last. Throws a `Failure` when no whole answer came, `signal.reason` on abort. */
  request(call: HttpCall): Promise<HttpResponse>;
  /** Lets running calls finish; later ones fail. */
  close(): Promise<void>;
}

const BODY_LIMIT = 20 * 1024 * 1024;
const BODY_TOO_SLOW = "BODY_TOO_SLOW";
const TIMEOUTS = [
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
  BODY_TOO_SLOW,
];

/**
 * The one HTTP client. It repeats whole calls by itself, because undici's retry interceptor resumes a broken body by a
 * range request and so can splice two answers into one, holds its connection while it waits, and hears no abort then.
 */
export function createHttp(options: HttpOptions): Http {
  const { timeoutMs, sleep = waitFor } = options;
  const agent = new Agent({
    connections: options.connections,
    connect: { timeout: timeoutMs },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: 20_000,
    maxResponseSize: options.bodyLimit ?? BODY_LIMIT,
  });

  const request = async (call: HttpCall): Promise<HttpResponse> => {
    const url = urlOf(options.baseUrl, call);
    for (let retry = 1, waitedMs = 0; ; retry++) {
      const attempt = await sendOnce(call, { url, agent, ...options });
      const waitMs = retryDelay({ call, retry, waitedMs }, attempt, options);
      if (waitMs === undefined) return responseOrThrow(attempt, url.host);
      const path = call.path.replace(/\?.*/s, "");
      options.onRetry?.({ method: call.method, path, retry, waitMs, reason: retryReason(attempt) });
      await sleep(waitMs, call.signal);
      waitedMs += waitMs;
    }
  };
  return { request, close: () => agent.close() };
}

interface NetworkError {
  readonly code: string;
  readonly error: unknown;
}

interface Connection {
  readonly url: URL;
  readonly agent: Agent;
  readonly baseUrl: string;
  readonly timeoutMs: number;
}

async function sendOnce(
  call: HttpCall,
  { url, agent, ...line }: Connection,
): Promise<HttpResponse | NetworkError> {
  const { method, headers = {}, signal = null } = call;
  const sent = requestBody(call.body);
  try {
    const answer = await send(url, { dispatcher: agent, method, headers, signal, ...sent.options });
    const text = await readText(answer.body, Date.now() + 4 * line.timeoutMs);
    const next = parseLink(answer.headers.link).get("next");
    const nextPath = next === undefined ? undefined : pathBelow(line.baseUrl, next, url);
    const retryAfterMs = readRetryAfter(answer.headers["retry-after"], Date.now());
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: text,
      json: () => readJson(text),
      hasNext: next !== undefined,
      ...(nextPath !== undefined && { nextPath }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    };
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (sent.failure() !== undefined) throw sent.failure();
    return { error, code: errorCode(error) };
  }
}

/** @param deadline for the body as a whole, so that one that drips does not last for ever */
async function readText(body: AsyncIterable<Uint8Array>, deadline: number): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) {
    if (Date.now() > deadline)
      throw Object.assign(new Error("The body came too slowly"), { code: BODY_TOO_SLOW });
    pieces.push(piece);
  }
  return new TextDecoder().decode(Buffer.concat(pieces));
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function responseOrThrow(attempt: HttpResponse | NetworkError, host: string): HttpResponse {
  if ("code" in attempt) throw networkFailure(attempt, host);
  return attempt;
}

function retryReason(attempt: HttpResponse | NetworkError): number | string {
  return "code" in attempt ? attempt.code : attempt.status;
}

/** What to throw: our own bug (a call that cannot be sent) as it is, the network's trouble as a `Failure`. */
function networkFailure({ code, error }: NetworkError, host: string): unknown {
  if (code === "UND_ERR_INVALID_ARG") return error;
  if (code === "UND_ERR_RES_EXCEEDED_MAX_SIZE") {
    return new Failure("http.too_large", `${host} sent more than is read at once.`, "Ask for less at once.", {
      cause: error,
    });
  }
  const details = { cause: error, retryable: true, outcomeUnknown: !NOT_SENT.includes(code) };
  if (TIMEOUTS.includes(code)) {
    return new Failure("http.timeout", `${host} took too long to answer.`, "Try again in a minute.", details);
  }
  const fix = "Try again in a minute; if it stays so, check the network and the API address of this bot.";
  return new Failure("http.unreachable", `${host} cannot be reached (${code}).`, fix, details);
}

function urlOf(baseUrl: string, { path, query = {} }: HttpCall): URL {
  if (!path.startsWith("/")) throw new Error("A path begins with a slash");
  const url = new URL(baseUrl.replace(/\/+$/, "") + path);
  for (const [key, value] of Object.entries(query)) {
    for (const one of [value ?? []].flat()) url.searchParams.append(key, String(one));
  }
  return url;
}

function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "UNKNOWN";
}

async function waitFor(ms: number, signal?: AbortSignal): Promise<void> {
  await timer(ms, undefined, signal ? { signal } : {}).catch((error: unknown) => {
    throw signal?.aborted ? signal.reason : error;
  });
}
