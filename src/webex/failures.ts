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

/** What Webex means by a status, and what helps. Any 5xx that is not named passes by itself. */
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
    hint: "See whether the bot is still a member of the space.",
  },
  404: {
    code: "not_found",
    what: "Webex knows no such thing, or not for this bot.",
    hint: "It may have been deleted.",
  },
  409: { code: "conflict", what: "Webex says this conflicts with what is there.", hint: "Try again." },
  423: {
    code: "busy",
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

/** The code of an answer that cannot be read. */
export const UNEXPECTED = "webex.unexpected";

const UNKNOWN: StatusFailure = {
  code: "refused",
  what: "Webex refused the request.",
  hint: "See the reason in the bot’s log.",
};
const UNAVAILABLE: StatusFailure = {
  code: "unavailable",
  what: "Webex is not well at the moment.",
  hint: "See status.webex.com, and try again.",
  retryable: true,
};

/** The Failure for an answer that is no success. Quotes Webex's reason, which names fields and limits but never our texts. */
export function failureOf(response: HttpResponse, call: string): Failure {
  const { status } = response;
  const meaning = STATUS_FAILURES[status] ?? (status >= 500 ? UNAVAILABLE : UNKNOWN);
  const { message, errors, trackingId } = readErrorBody(response);
  const reason = errors?.find(({ description }) => description)?.description ?? message;
  const { retryAfterMs } = response;
  const tracking = trackingId ?? response.headers.trackingid;
  return new Failure(`webex.${meaning.code}`, `${meaning.what} (${call}: ${status})`, meaning.hint, {
    retryable: meaning.retryable ?? false,
    outcomeUnknown: status >= 500 && status !== 503,
    ...(reason === undefined ? {} : { cause: reason }),
    ...(retryAfterMs === undefined ? {} : { retryAfter: Math.ceil(retryAfterMs / 1000) }),
    ...(typeof tracking === "string" ? { trackingId: tracking } : {}),
  });
}

/** The Failure for an answer that claims success and is not what was asked for: whether anything was done is not known. */
export function unexpectedAnswer(call: string, cause?: unknown): Failure {
  const fix = "Check WEBEX_API_URL; if it is right, the API has changed and this bot needs an update.";
  return new Failure(UNEXPECTED, `Webex answered with something else than was asked for. (${call})`, fix, {
    cause,
    outcomeUnknown: true,
  });
}

/** Whether Webex knows what was asked for; throws when it does not say. */
export async function exists(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (error instanceof Failure && error.code === "webex.not_found") return false;
    throw error;
  }
}

/** A refusal may come as HTML from something on the way; then there is nothing to read. */
function readErrorBody(response: HttpResponse): Partial<z.infer<typeof errorBodySchema>> {
  const read = errorBodySchema.safeParse(response.json());
  return read.success ? read.data : {};
}
