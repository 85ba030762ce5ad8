import { Failure } from "../errors.ts";
import type { HttpResponse } from "../http.ts";
import { readErrorBody } from "./wire.ts";

interface StatusFailure {
  /** The end of the failure's code, after `wholesale.`. */
  readonly code: string;
  readonly what: string;
  readonly hint: string;
  readonly retryable?: true;
}

const TRY_AGAIN = "Try again in a minute; status.webex.com shows whether Webex has problems.";
const REPORT_BUG = "This is a bug in the bot: report it with the tracking id.";

/** The meaning of each response code of the API page, and a hint. */
export const STATUS_FAILURES: Readonly<Record<number, StatusFailure>> = {
  400: {
    code: "invalid",
    what: "Webex did not accept the request",
    hint: "Change or remove a filter value; ids must be complete.",
  },
  401: {
    code: "unauthorized",
    what: "Webex refused the Wholesale token",
    hint: "Set a new WHOLESALE_ACCESS_TOKEN, or get a WHOLESALE_REFRESH_TOKEN, which renews itself, by “npm run doctor -- token”.",
  },
  403: {
    code: "forbidden",
    what: "The Wholesale token may not read customers",
    hint: "It must come from a partner administrator and hold the scope spark-admin:wholesale_customers_read.",
  },
  404: {
    code: "missing",
    what: "Webex did not find what was asked for",
    hint: "Check the id or the sub-partner; if this happens to every request, check WHOLESALE_API_URL.",
  },
  405: { code: "method", what: "Webex does not allow this kind of call", hint: REPORT_BUG },
  409: {
    code: "conflict",
    what: "The request conflicts with a rule of Webex",
    hint: "Change the filter and ask again.",
  },
  410: {
    code: "gone",
    what: "Webex no longer has what was asked for",
    hint: "Ask for the list again: the customer may have been removed.",
  },
  415: { code: "media", what: "Webex did not understand the format of the request", hint: REPORT_BUG },
  423: {
    code: "locked",
    what: "Webex has locked this for the moment",
    hint: "Try again in a minute.",
    retryable: true,
  },
  428: { code: "precondition", what: "Webex requires a check that a bot cannot make", hint: REPORT_BUG },
  429: {
    code: "busy",
    what: "Webex is busy: too many requests at once",
    hint: "Try again in a minute.",
    retryable: true,
  },
  500: { code: "broken", what: "Something went wrong at Webex", hint: TRY_AGAIN, retryable: true },
  502: {
    code: "broken",
    what: "Webex got no valid answer from its own servers",
    hint: TRY_AGAIN,
    retryable: true,
  },
  503: { code: "overloaded", what: "Webex is overloaded", hint: TRY_AGAIN, retryable: true },
  504: {
    code: "slow",
    what: "Webex did not answer in time, even for a short page",
    hint: TRY_AGAIN,
    retryable: true,
  },
};

export function failureOf(response: HttpResponse): Failure {
  const { status, retryAfterMs } = response;
  const { code, what, hint, retryable } = STATUS_FAILURES[status] ?? unlisted(status);
  const body = readErrorBody(response.json());
  const upstreamMessage = body.text ?? (body.code === undefined ? undefined : `error ${body.code}`);
  const advice = retryable && retryAfterMs ? `Try again in ${Math.ceil(retryAfterMs / 1000)} s.` : hint;
  const trackingId = body.trackingId ?? [response.headers.trackingid ?? []].flat()[0];
  return new Failure(`wholesale.${code}`, `${what}.`, advice, {
    retryable: retryable ?? false,
    ...(upstreamMessage !== undefined && { upstreamMessage }),
    ...(trackingId !== undefined && { trackingId }),
  });
}

function unlisted(status: number): StatusFailure {
  const what = `Webex answered with status ${status}`;
  if (status >= 500) return { code: "broken", what, hint: TRY_AGAIN, retryable: true };
  return {
    code: "unexpected",
    what,
    hint: "Check WHOLESALE_API_URL; if it is right, report this with the tracking id.",
  };
}
