/** What came of one call: a status, or a network error's code when no whole answer came. */
export type Outcome = { readonly status: number; readonly retryAfterMs?: number } | { readonly code: string };

export interface RetryRules {
  readonly method: string;
  /** Doing it twice is harmless. Otherwise a POST is repeated only when the first one was surely not carried out. */
  readonly retryPost?: boolean;
  /** Not to be repeated at all: whoever asks decides about that. */
  readonly noRetry?: boolean;
  /** Statuses to hand back at once: the caller knows something better than asking the same again. */
  readonly noRetryStatuses?: readonly number[];
}

export interface RetryOptions {
  /** How often a call is asked again, at most. */
  readonly retries: number;
  /** The longest single wait (60 s); a Retry-After beyond it is not waited for at all. */
  readonly maxWaitMs?: number;
  /** All waits of a call together (90 s). */
  readonly maxTotalWaitMs?: number;
  /** From 0 to 1, for the jitter. */
  readonly random?: () => number;
}

/** The peer says that it did nothing: any call may be repeated (API page, Response Codes). */
const NOT_PROCESSED = [423, 429, 503];
const SERVER_ERRORS = [500, 502, 504];
export const NOT_SENT = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"];
const NEVER_RETRIED = [
  "UND_ERR_INVALID_ARG",
  "UND_ERR_RES_EXCEEDED_MAX_SIZE",
  "UND_ERR_CLOSED",
  "UND_ERR_DESTROYED",
];
const BACKOFF = { firstMs: 500, mostMs: 10_000 };

/**
 * How long to wait before the call is made again: as Retry-After asks, else back-off with full jitter.
 * Undefined when it must not be repeated, or when patience is at its end.
 */
export function retryDelay(
  { call, retry, waitedMs }: { readonly call: RetryRules; readonly retry: number; readonly waitedMs: number },
  outcome: Outcome,
  patience: RetryOptions,
): number | undefined {
  const { maxWaitMs = 60_000, maxTotalWaitMs = 90_000, random = Math.random } = patience;
  if (retry > patience.retries || !mayRetry(call, outcome)) return undefined;
  const told =
    "status" in outcome && NOT_PROCESSED.includes(outcome.status) ? outcome.retryAfterMs : undefined;
  const waitMs = told ?? random() * Math.min(BACKOFF.mostMs, BACKOFF.firstMs * 2 ** (retry - 1));
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

/** Retry-After in seconds or as a date, in milliseconds from `now`; undefined when it says nothing of use. */
export function readRetryAfter(
  header: string | readonly string[] | undefined,
  now: number,
): number | undefined {
  const text = [header ?? []].flat()[0]?.trim() ?? "";
  const waitMs = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return waitMs > 0 ? waitMs : undefined;
}
