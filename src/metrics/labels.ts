/** Labels come from fixed lists, so that neither the API nor a person can add a time series. */

/** The templates of all calls that the bot makes, below the base address; a path of another shape is `other`. */
const ROUTES: readonly string[] = [
  "people",
  "people/me",
  "people/{id}",
  "messages",
  "messages/{id}",
  "attachment/actions/{id}",
  "rooms/{id}",
  "memberships",
  "memberships/{id}",
  "webhooks",
  "webhooks/{id}",
  "wholesale/customers",
  "wholesale/customers/{id}",
  "wholesale/subPartners",
  "organizations",
  "organizations/{id}",
  "access_token",
];

const METHODS = ["GET", "POST", "PUT", "DELETE"];

/** `GET /messages/{id}` */
export function routeOf({ method, path }: { readonly method: string; readonly path: string }): string {
  const below = path.slice(1);
  const template = ROUTES.includes(below) ? below : below.replace(/[^/]+$/, "{id}");
  return `${oneOf(METHODS, method)} ${ROUTES.includes(template) ? `/${template}` : "other"}`;
}

const STATUSES = [200, 201, 204, 304, 400, 401, 403, 404, 405, 409, 410, 413, 415, 423, 428, 429, 500, 502, 503, 504];

/** A status, the class of an unusual one such as `5xx`, or `no answer`. @param outcome a status or a network error code */
export function statusOf(outcome: number | string): string {
  if (typeof outcome === "string") return "no answer";
  if (STATUSES.includes(outcome)) return String(outcome);
  return outcome >= 100 && outcome < 600 ? `${Math.floor(outcome / 100)}xx` : "other";
}

/** One of `known`, else `other`. */
export const oneOf = (known: readonly string[], value: string): string => (known.includes(value) ? value : "other");
