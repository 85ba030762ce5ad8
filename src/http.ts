import { Readable } from "node:stream";
import { setTimeout as timer } from "node:timers/promises";
import { Agent, type Dispatcher, request as send } from "undici";
import { LONGEST_RETRY_AFTER_MS } from "./domain/alerts/delivery-policy.ts";
import { type CallTimes, clockSkew } from "./domain/clock-check.ts";
import type { Clock, Secrets, Sleep } from "./domain/ports/runtime.ts";
import { Failure } from "./errors.ts";
import {
  BODY_TOO_LARGE,
  BODY_TOO_SLOW,
  createRedactor,
  type ItemReceiver,
  ItemsNotTaken,
  readBody,
} from "./http-body.ts";

export interface HttpOptions extends RetryOptions {
  /** Taken out of everything that the other side answers, as it may repeat what it was sent (PRODUCT 5). */
  readonly secrets: Pick<Secrets, "redact">;
  /** All calls go below this address, so that a token is sent nowhere else. */
  readonly baseUrl: string;
  readonly connections: number;
  /** For the connection, for the headers, and between two chunks of the body. */
  readonly timeoutMs: number;
  readonly onRetry?: (retry: Retry) => void;
  /** Called after each try of a call. */
  readonly onAttempt?: (attempt: Attempt) => void;
  /** The largest body that is read, in bytes (20 MB). */
  readonly bodyLimit?: number;
  /** For Retry-After and the limit of a body; real time when absent, whatever the clock of the schedules. */
  readonly clock?: Clock;
  readonly sleep?: Sleep;
  /** The clock that is compared with the header Date of answers; `clock` when absent. */
  readonly comparedClock?: Clock;
  /** Opens the connections; undici's `Agent` when absent. */
  readonly connect?: Connect;
}

/** Makes the dispatcher of one client. */
export type Connect = (options: Agent.Options) => Dispatcher;

/** A call that is about to be made again: `retry` counts from 1, `reason` is a status or a network error code. */
export interface Retry {
  readonly method: string;
  /** For the log: without the query, which may hold what a person typed. */
  readonly path: string;
  readonly retry: number;
  readonly waitMs: number;
  readonly reason: number | string;
}

/** One try of a call: its outcome is a status or a network error code. */
export interface Attempt extends Pick<Retry, "method" | "path"> {
  readonly outcome: number | string;
  readonly ms: number;
  /** How far this clock is ahead of the one of the other side at least, by the header Date; negative: behind. */
  readonly clockSkewMs?: number;
}

export interface HttpCall extends RetryRules {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below the base address, with a slash at the start. */
  readonly path: string;
  /** A list becomes a repeated parameter. */
  readonly query?: Readonly<Record<string, string | number | readonly string[] | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: RequestBody;
  readonly signal?: AbortSignal;
  /** A successful answer is a secret itself, such as a new token: it is not redacted, and its reader shows none of it. */
  readonly answersSecret?: boolean;
  /** Takes the elements of `items` while the answer comes, for a list that is too large to be held; in its `json()` each is `0`. */
  readonly onItems?: ItemReceiver;
  /** The largest body that is read, in bytes; that of the client when absent. */
  readonly bodyLimit?: number;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The parsed body; undefined when it is not JSON. */
  json(): unknown;
  readonly retryAfterMs?: number;
  /** True if a Link header names a next page. */
  readonly hasNext: boolean;
  /** The path of the next page; absent when its address is not below the base address and must not be called. */
  readonly nextPath?: string;
}

export interface Http {
  /** Resolves with the last answer, whatever its status. Throws a `Failure` without a complete answer, `signal.reason` on abort. */
  request(call: HttpCall): Promise<HttpResponse>;
  /** Lets running calls finish; later ones fail. */
  close(): Promise<void>;
}

const BODY_LIMIT = 20 * 1024 * 1024;
const TIMEOUTS = ["UND_ERR_CONNECT_TIMEOUT", "UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT", BODY_TOO_SLOW];

/**
 * The one HTTP client. It has its own retries, because undici's retry interceptor resumes a broken body by a range request and so
 * can join two different answers, keeps its connection while it waits, and ignores an abort meanwhile.
 */
export function createHttp(options: HttpOptions): Http {
  const { timeoutMs, sleep = waitFor, clock = Date.now, connect = (limits) => new Agent(limits) } = options;
  const { comparedClock = clock } = options;
  const dispatcher = connect({
    connections: options.connections,
    connect: { timeout: timeoutMs },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: 20_000,
  });

  const request = async (call: HttpCall): Promise<HttpResponse> => {
    const url = urlOf(options.baseUrl, call);
    const { method } = call;
    const path = call.path.replace(/\?.*/s, "");
    for (let retry = 1, waitedMs = 0; ; retry++) {
      const sentAt = clock();
      const comparedFrom = comparedClock();
      const attempt = await sendOnce(call, { ...options, url, dispatcher, clock });
      const skew = skewBy(attempt, { sentAt: comparedFrom, answeredAt: comparedClock() });
      options.onAttempt?.({ method, path, outcome: outcomeOf(attempt), ms: clock() - sentAt, ...skew });
      const waitMs = retryDelay({ call, retry, waitedMs }, attempt, options);
      if (waitMs === undefined) return responseOrThrow(attempt, url.host);
      options.onRetry?.({ method, path, retry, waitMs, reason: outcomeOf(attempt) });
      await sleep(waitMs, call.signal);
      waitedMs += waitMs;
    }
  };
  return { request, close: () => dispatcher.close() };
}

function skewBy(attempt: HttpResponse | NetworkError, times: CallTimes): Pick<Attempt, "clockSkewMs"> {
  const clockSkewMs = "code" in attempt ? undefined : clockSkew([attempt.headers.date ?? []].flat()[0], times);
  return clockSkewMs === undefined ? {} : { clockSkewMs };
}

interface NetworkError {
  readonly code: string;
  readonly error: unknown;
}

interface Connection {
  readonly url: URL;
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  readonly baseUrl: string;
  readonly timeoutMs: number;
  readonly secrets: HttpOptions["secrets"];
  readonly bodyLimit?: number;
}

async function sendOnce(
  call: HttpCall,
  { url, dispatcher, baseUrl, timeoutMs, clock, secrets, bodyLimit = BODY_LIMIT }: Connection,
): Promise<HttpResponse | NetworkError> {
  const { method, headers = {}, signal = null } = call;
  const sent = requestBody(call.body);
  try {
    const answer = await send(url, { dispatcher, method, headers, signal, ...sent.options });
    const status = answer.statusCode;
    const json = await readBody(answer.body, {
      status,
      redact: secrets.redact,
      answersSecret: call.answersSecret ?? false,
      limit: call.bodyLimit ?? bodyLimit,
      clock,
      deadline: clock() + 4 * timeoutMs,
      onItems: call.onItems,
    });
    const answered = cleanHeaders(answer.headers, createRedactor(status, secrets.redact));
    const next = parseLink(answered.link).get("next");
    const nextPath = next === undefined ? undefined : pathBelow(baseUrl, next, url);
    const retryAfterMs = readRetryAfter(answered["retry-after"], clock());
    return {
      status,
      headers: answered,
      json,
      hasNext: next !== undefined,
      ...(nextPath !== undefined && { nextPath }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    };
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (sent.failure() !== undefined) throw sent.failure();
    if (error instanceof ItemsNotTaken) throw error.cause;
    return { error, code: errorCode(error) };
  }
}

/** The headers without the secrets of this process. */
function cleanHeaders(headers: HttpResponse["headers"], clean: (text: string) => string): HttpResponse["headers"] {
  const entries = Object.entries(headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.map(clean) : value && clean(value),
  ]);
  return Object.fromEntries(entries);
}

function responseOrThrow(attempt: HttpResponse | NetworkError, host: string): HttpResponse {
  if ("code" in attempt) throw networkFailure(attempt, host);
  return attempt;
}

function outcomeOf(attempt: HttpResponse | NetworkError): number | string {
  return "code" in attempt ? attempt.code : attempt.status;
}

/** An invalid call is a bug and thrown as it is; an error of the network becomes a `Failure`. */
function networkFailure({ code, error }: NetworkError, host: string): unknown {
  if (code === "UND_ERR_INVALID_ARG") return error;
  if (code === BODY_TOO_LARGE) {
    return new Failure("http.too_large", `${host} sent more than the bot reads at once.`, "Ask for less at once.", {
      cause: error,
    });
  }
  const details = { cause: error, retryable: true, outcomeUnknown: !NOT_SENT.includes(code) };
  if (TIMEOUTS.includes(code)) {
    return new Failure("http.timeout", `${host} took too long to answer.`, "Try again in a minute.", details);
  }
  const hint = "Try again in a minute; if it happens again, check the network and the API address of this bot.";
  return new Failure("http.unreachable", `${host} cannot be reached (${code}).`, hint, details);
}

function urlOf(baseUrl: string, { path, query = {} }: HttpCall): URL {
  if (!path.startsWith("/")) throw new Error("A path begins with a slash");
  const url = new URL(baseUrl.replace(/\/+$/, "") + path);
  for (const [name, value] of Object.entries(query)) {
    for (const one of [value ?? []].flat()) url.searchParams.append(name, String(one));
  }
  return url;
}

function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "UNKNOWN";
}

/** In real time. A pending wait keeps the process alive. */
export async function waitFor(ms: number, signal?: AbortSignal): Promise<void> {
  await timer(ms, undefined, signal ? { signal } : {}).catch((error: unknown) => {
    throw signal?.aborted ? signal.reason : error;
  });
}

/** The result of one call: a status, or the code of a network error. */
export type Outcome = { readonly status: number; readonly retryAfterMs?: number } | { readonly code: string };

export interface RetryRules {
  readonly method: string;
  /** Repeating is harmless. Without it, a POST is repeated only when the first was certainly not carried out. */
  readonly retryPost?: boolean;
  /** The caller retries by itself. */
  readonly noRetry?: boolean;
  /** Statuses that are returned at once, because the caller handles them itself. */
  readonly noRetryStatuses?: readonly number[];
}

export interface RetryOptions {
  readonly retries: number;
  /** The longest single wait (60 s). With a longer Retry-After the call is not repeated, and its caller decides. */
  readonly maxWaitMs?: number;
  /** The longest sum of waits of one call (90 s). */
  readonly maxTotalWaitMs?: number;
  /** From 0 to 1, for jitter. */
  readonly random?: () => number;
}

/** With these statuses the call was not carried out, so any call may be repeated (API page, Response Codes). */
const NOT_PROCESSED = [423, 429, 503];
const SERVER_ERRORS = [500, 502, 504];
export const NOT_SENT = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"];
const NEVER_RETRIED = ["UND_ERR_INVALID_ARG", BODY_TOO_LARGE, "UND_ERR_CLOSED", "UND_ERR_DESTROYED"];
const BACKOFF = { firstMs: 500, mostMs: 10_000 };

/**
 * Milliseconds until the next try: Retry-After, else exponential back-off with full jitter. Undefined when the call must not be
 * repeated, or when a limit is reached.
 */
export function retryDelay(
  { call, retry, waitedMs }: { readonly call: RetryRules; readonly retry: number; readonly waitedMs: number },
  outcome: Outcome,
  limits: RetryOptions,
): number | undefined {
  const { maxWaitMs = 60_000, maxTotalWaitMs = 90_000, random = Math.random } = limits;
  if (retry > limits.retries || !mayRetry(call, outcome)) return undefined;
  const asked = "status" in outcome && NOT_PROCESSED.includes(outcome.status) ? outcome.retryAfterMs : undefined;
  const waitMs = asked ?? random() * Math.min(BACKOFF.mostMs, BACKOFF.firstMs * 2 ** (retry - 1));
  return waitMs > maxWaitMs || waitedMs + waitMs > maxTotalWaitMs ? undefined : waitMs;
}

function mayRetry(call: RetryRules, outcome: Outcome): boolean {
  if (call.noRetry) return false;
  const harmless = call.method !== "POST" || call.retryPost === true;
  if ("code" in outcome) {
    return NOT_SENT.includes(outcome.code) || (harmless && !NEVER_RETRIED.includes(outcome.code));
  }
  if (call.noRetryStatuses?.includes(outcome.status)) return false;
  return NOT_PROCESSED.includes(outcome.status) || (harmless && SERVER_ERRORS.includes(outcome.status));
}

/**
 * Retry-After (seconds or a date) in milliseconds from `now`, 5 minutes at most; undefined when it is missing, invalid or past.
 * The only place that reads the header, so that no wait of the bot can be longer.
 */
export function readRetryAfter(header: string | readonly string[] | undefined, now: number): number | undefined {
  const text = [header ?? []].flat()[0]?.trim() ?? "";
  // `Date.parse` alone makes dates of "never 2099" and "60 s".
  const isDate = /^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? |^\d{4}-\d{2}-\d{2}T/i.test(text);
  const waitMs = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : isDate ? Date.parse(text) - now : 0;
  return waitMs > 0 ? Math.min(waitMs, LONGEST_RETRY_AFTER_MS) : undefined;
}

/** The links of a Link header (RFC 8288) by relation in lower case; the first of a relation counts. */
export function parseLink(header: string | readonly string[] | undefined): ReadonlyMap<string, string> {
  const links = new Map<string, string>();
  const text = [header ?? []].flat().join(",");
  for (const [, target = "", parameters = ""] of text.matchAll(/<([^<>]*)>([^<]*)/g)) {
    const rel = /(?:^|;)\s*rel\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s;,"']+))/i.exec(parameters);
    const names = rel?.[1] ?? rel?.[2] ?? rel?.[3] ?? "";
    for (const name of names.toLowerCase().split(/\s+/)) {
      if (name && !links.has(name)) links.set(name, target.trim());
    }
  }
  return links;
}

/**
 * The path of a link below `baseUrl`; undefined for any other address, where no token may be sent.
 * @param from the address of the answer that has the link
 */
export function pathBelow(baseUrl: string, link: string, from: URL): string | undefined {
  if (!URL.canParse(link, from.href)) return undefined;
  const base = new URL(baseUrl.replace(/\/*$/, "/"));
  const url = new URL(link, from);
  if (url.origin !== base.origin || !url.pathname.startsWith(base.pathname)) return undefined;
  return `/${url.pathname.slice(base.pathname.length)}${url.search}`;
}

/** A function produces the body anew for each try; it is not buffered. */
export type RequestBody = string | Buffer | (() => AsyncIterable<Uint8Array>);

/** The headers of the answer come after the whole upload. */
const UPLOAD_MS = 10 * 60_000;

/** The body for one try. `failure` returns an error of the function that produces it, which is not a network error. */
export function requestBody(body: RequestBody | undefined) {
  let failure: unknown;
  if (typeof body !== "function") return { options: { body: body ?? null }, failure: () => failure };
  async function* watched(chunks: AsyncIterable<Uint8Array>) {
    try {
      yield* chunks;
    } catch (error) {
      failure = error;
      throw error;
    }
  }
  const stream = Readable.from(watched(body()), { objectMode: false });
  return { options: { body: stream, headersTimeout: UPLOAD_MS }, failure: () => failure };
}
