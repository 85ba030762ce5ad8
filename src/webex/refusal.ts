import type { z } from "zod";
import { Failure } from "../errors.ts";
import type { HttpResponse } from "../http.ts";
import { refusalSchema } from "./wire.ts";

interface Meaning {
  readonly code: string;
  readonly what: string;
  readonly fix: string;
  readonly passing?: boolean;
}

/** What Webex means by a status, and what helps. Any 5xx that is not named passes by itself. */
const MEANINGS: Readonly<Record<number, Meaning>> = {
  400: { code: "bad_request", what: "Webex refused the request.", fix: "See the reason in the bot’s log." },
  401: {
    code: "unauthorized",
    what: "Webex refused the bot token.",
    fix: "Set WEBEX_BOT_TOKEN to the token shown when the bot was created or regenerated.",
  },
  403: {
    code: "forbidden",
    what: "Webex does not allow this to the bot.",
    fix: "See whether the bot is still a member of the space.",
  },
  404: {
    code: "not_found",
    what: "Webex knows no such thing, or not for this bot.",
    fix: "It may have been deleted.",
  },
  409: { code: "conflict", what: "Webex says this conflicts with what is there.", fix: "Try again." },
  423: {
    code: "busy",
    what: "Webex has locked this for the moment.",
    fix: "Try again in a minute.",
    passing: true,
  },
  429: {
    code: "busy",
    what: "Webex is asking the bot to slow down.",
    fix: "Try again in a minute.",
    passing: true,
  },
};

/** The code of an answer that cannot be read. */
export const UNEXPECTED = "webex.unexpected";

const UNKNOWN: Meaning = {
  code: "refused",
  what: "Webex refused the request.",
  fix: "See the reason in the bot’s log.",
};
const AILING: Meaning = {
  code: "unavailable",
  what: "Webex is not well at the moment.",
  fix: "See status.webex.com, and try again.",
  passing: true,
};

/** The Failure for an answer that is no success. Quotes Webex's reason, which names fields and limits but never our texts. */
export function refusal(response: HttpResponse, call: string): Failure {
  const { status } = response;
  const meaning = MEANINGS[status] ?? (status >= 500 ? AILING : UNKNOWN);
  const { message, errors, trackingId } = readRefusal(response);
  const reason = errors?.find(({ description }) => description)?.description ?? message;
  const { retryAfterMs } = response;
  const tracking = trackingId ?? response.headers.trackingid;
  return new Failure(`webex.${meaning.code}`, `${meaning.what} (${call}: ${status})`, meaning.fix, {
    passing: meaning.passing ?? false,
    maybeDone: status >= 500 && status !== 503,
    ...(reason === undefined ? {} : { cause: reason }),
    ...(retryAfterMs === undefined ? {} : { retryAfter: Math.ceil(retryAfterMs / 1000) }),
    ...(typeof tracking === "string" ? { trackingId: tracking } : {}),
  });
}

/** The Failure for an answer that claims success and is not what was asked for: whether anything was done is not known. */
export function unexpected(call: string, cause?: unknown): Failure {
  const fix = "Check WEBEX_API_URL; if it is right, the API has changed and this bot needs an update.";
  return new Failure(UNEXPECTED, `Webex answered with something else than was asked for. (${call})`, fix, {
    cause,
    maybeDone: true,
  });
}

/** Whether Webex knows what was asked for; throws when it does not say. */
export async function isKnown(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (error instanceof Failure && error.code === "webex.not_found") return false;
    throw error;
  }
}

/** A refusal may come as HTML from something on the way; then there is nothing to read. */
function readRefusal(response: HttpResponse): Partial<z.infer<typeof refusalSchema>> {
  const read = refusalSchema.safeParse(response.json());
  return read.success ? read.data : {};
}
