import { Failure } from "../errors.ts";
import type { HttpResponse } from "../http.ts";
import { readErrorBody } from "./wire.ts";

interface Refusal {
  /** The end of the failure's code, after `wholesale.`. */
  readonly code: string;
  readonly what: string;
  readonly fix: string;
  readonly passing?: true;
}

const AGAIN = "Try again in a minute; status.webex.com tells whether Webex has trouble.";
const OURS = "This is a fault of the bot: report it with the tracking id.";

/** What each response code of the API page means here, and what somebody can do about it. */
export const REFUSALS: Readonly<Record<number, Refusal>> = {
  400: {
    code: "invalid",
    what: "Webex did not accept the question",
    fix: "Change or remove a filter value; ids must be complete.",
  },
  401: {
    code: "unauthorized",
    what: "Webex refused the Wholesale token",
    fix: "Set a valid WHOLESALE_ACCESS_TOKEN, or sign in again as a partner administrator and set WHOLESALE_REFRESH_TOKEN.",
  },
  403: {
    code: "forbidden",
    what: "The Wholesale token may not read customers",
    fix: "It must come from a partner administrator and hold the scope spark-admin:wholesale_customers_read.",
  },
  404: {
    code: "missing",
    what: "Webex does not know what was asked for",
    fix: "Check the id or the sub-partner; if every question ends so, check WHOLESALE_API_URL.",
  },
  405: { code: "method", what: "Webex does not allow this kind of call", fix: OURS },
  409: {
    code: "conflict",
    what: "The question conflicts with a rule of Webex",
    fix: "Change the filter and ask again.",
  },
  410: {
    code: "gone",
    what: "Webex no longer has what was asked for",
    fix: "Ask for the list again: the customer may have been removed.",
  },
  415: { code: "media", what: "Webex did not understand the form of the call", fix: OURS },
  423: {
    code: "busy",
    what: "Webex has locked this for the moment",
    fix: "Try again in a minute.",
    passing: true,
  },
  428: { code: "precondition", what: "Webex wants a check first that a bot cannot make", fix: OURS },
  429: {
    code: "busy",
    what: "Webex is busy: too many questions at once",
    fix: "Try again in a minute.",
    passing: true,
  },
  500: { code: "broken", what: "Something went wrong at Webex", fix: AGAIN, passing: true },
  502: { code: "broken", what: "Webex got no valid answer from its own servers", fix: AGAIN, passing: true },
  503: { code: "overloaded", what: "Webex is overloaded", fix: AGAIN, passing: true },
  504: {
    code: "slow",
    what: "Webex did not answer in time, even for a short page",
    fix: AGAIN,
    passing: true,
  },
};

/** The failure that a refused call is. */
export function refusalOf(response: HttpResponse): Failure {
  const { status, retryAfterMs } = response;
  const { code, what, fix, passing } = REFUSALS[status] ?? unlisted(status);
  const told = readErrorBody(response.json());
  const words = told.text ?? (told.code === undefined ? undefined : `error ${told.code}`);
  const wait = passing && retryAfterMs ? `Try again in ${Math.ceil(retryAfterMs / 1000)} s.` : fix;
  const trackingId = told.trackingId ?? [response.headers.trackingid ?? []].flat()[0];
  return new Failure(`wholesale.${code}`, `${what}.`, wait, {
    passing: passing ?? false,
    ...(words !== undefined && { said: words }),
    ...(trackingId !== undefined && { trackingId }),
  });
}

function unlisted(status: number): Refusal {
  const what = `Webex answered with status ${status}`;
  if (status >= 500) return { code: "broken", what, fix: AGAIN, passing: true };
  return {
    code: "unexpected",
    what,
    fix: "Check WHOLESALE_API_URL; if it is right, report this with the tracking id.",
  };
}
