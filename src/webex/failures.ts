import type { z } from "zod";
import { Failure } from "../errors.ts";
import type { HttpResponse } from "../http.ts";
import { errorBodySchema } from "./wire.ts";

interface StatusFailure {
  readonly code: string;
  readonly what: string;
  readonly hint: string;
  readonly retryable?: boolean;
}

/** The meaning of each status, and a hint. Any other 5xx counts as `unavailable`. */
const STATUS_FAILURES: Readonly<Record<number, StatusFailure>> = {
  400: { code: "bad_request", what: "Webex refused the request.", hint: "See the reason in the bot’s log." },
  401: {
    code: "unauthorized",
    what: "Webex refused the bot token.",
    hint: "Set WEBEX_BOT_TOKEN to the token shown when the bot was created or regenerated.",
  },
  403: {
    code: "forbidden",
    what: "Webex does not allow this to the bot.",
    hint: "Check that the bot is still a member of the space.",
  },
  404: {
    code: "not_found",
    what: "Webex has no such object, or the bot may not see it.",
    hint: "It may have been deleted.",
  },
  409: { code: "conflict", what: "The request conflicts with the present state at Webex.", hint: "Try again." },
  423: {
    code: "locked",
    what: "Webex has locked this for the moment.",
    hint: "Try again in a minute.",
    retryable: true,
  },
  429: {
    code: "busy",
    what: "Webex is asking the bot to slow down.",
    hint: "Try again in a minute.",
    retryable: true,
  },
};

/** The code of the failure when an answer cannot be parsed. */
export const UNEXPECTED = "webex.unexpected";

const UNKNOWN: StatusFailure = {
  code: "rejected",
  what: "Webex refused the request.",
  hint: "See the reason in the bot’s log.",
};
const UNAVAILABLE: StatusFailure = {
  code: "unavailable",
  what: "Webex has a problem at the moment.",
  hint: "See status.webex.com, and try again.",
  retryable: true,
};

/**
 * The failure for an error status. Its cause is the reason given by Webex, which names fields and limits.
 * @param sent the body of the call, of which nothing may get into the log
 */
export function failureOf(response: HttpResponse, call: string, sent: unknown = {}): Failure {
  const { status } = response;
  const meaning = STATUS_FAILURES[status] ?? (status >= 500 ? UNAVAILABLE : UNKNOWN);
  const { message, errors, trackingId } = readErrorBody(response);
  const reason = errors?.find(({ description }) => description)?.description ?? message;
  const { retryAfterMs } = response;
  const tracking = trackingId ?? response.headers.trackingid;
  return new Failure(`webex.${meaning.code}`, `${meaning.what} (${call}: ${status})`, meaning.hint, {
    retryable: meaning.retryable ?? false,
    outcomeUnknown: status >= 500 && status !== 503,
    ...(reason === undefined ? {} : { cause: withoutQuotes(reason, sent) }),
    ...(retryAfterMs === undefined ? {} : { retryAfterS: Math.ceil(retryAfterMs / 1000) }),
    ...(typeof tracking === "string" ? { trackingId: tracking } : {}),
  });
}

const LONGEST_REASON = 500;
/** A shorter piece may be a usual word, or the name of a field. */
const SHORTEST_QUOTE = 12;

/** A reason may quote the message that was refused. */
function withoutQuotes(reason: string, sent: unknown): string {
  const text = reason.slice(0, LONGEST_REASON);
  const known = [JSON.stringify(sent), ...textsOf(sent)].join("\n");
  let kept = "";
  for (let at = 0; at < text.length; ) {
    const length = quotedAt(text.slice(at), known);
    kept += length === 0 ? text.charAt(at) : "[quoted]";
    at += Math.max(length, 1);
  }
  return kept;
}

/** The length of the piece of `known` with which a text begins; 0 if it is too short to be a quote. */
function quotedAt(text: string, known: string): number {
  let length = SHORTEST_QUOTE;
  if (text.length < length || !known.includes(text.slice(0, length))) return 0;
  while (length < text.length && known.includes(text.slice(0, length + 1))) length += 1;
  return length;
}

function textsOf(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

/**
 * The failure for a success status with an unexpected body: it is unknown whether a POST was carried out. A PUT or DELETE may
 * have been, too, but does no harm when it is repeated.
 */
export function unexpectedAnswer(call: string, cause?: unknown): Failure {
  const hint = "Check WEBEX_API_URL; if it is right, the API has changed and this bot needs an update.";
  return new Failure(UNEXPECTED, `Webex answered with something else than was asked for. (${call})`, hint, {
    cause,
    outcomeUnknown: call.startsWith("POST "),
    retryable: /^(?:PUT|DELETE) /.test(call),
  });
}

/** Undefined when Webex answers 404. Throws every other failure. */
export async function undefinedIfNotFound<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Failure && error.code === "webex.not_found") return undefined;
    throw error;
  }
}

/** False when Webex answers 404. Throws every other failure. */
export const exists = async (call: Promise<unknown>): Promise<boolean> =>
  (await undefinedIfNotFound(call.then(() => true))) ?? false;

/** Empty when the body is not JSON, such as HTML from a proxy. */
function readErrorBody(response: HttpResponse): Partial<z.infer<typeof errorBodySchema>> {
  const read = errorBodySchema.safeParse(response.json());
  return read.success ? read.data : {};
}
