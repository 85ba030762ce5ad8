import type { NetworkFault } from "../faults.ts";

/** The answer to one call in place of the true one. */
export type Fault = Pick<NetworkFault, "status" | "retryAfter" | "isCarriedOut" | "cut" | "body"> & {
  readonly slowMs?: number;
};

const HOUR = 3_600_000;
const HTML = "<!doctype html><title>Sign in</title>";

/** Every status of the API's page and those that proxies add, and what no status tells. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  "200, HTML": { status: 200, body: HTML },
  "200, empty": { status: 200, body: "" },
  "200, `null`": { status: 200, body: "null" },
  "200, `[]`": { status: 200, body: "[]" },
  "200, other fields": { status: 200, body: '{"id":7,"items":[{"id":7}]}' },
  "201, empty": { status: 201, body: "" },
  "202, empty": { status: 202, body: "" },
  "204": { status: 204, body: "" },
  "302": { status: 302 },
  "400": { status: 400 },
  "401": { status: 401 },
  "403": { status: 403 },
  "404": { status: 404 },
  "405": { status: 405 },
  "409": { status: 409 },
  "410": { status: 410 },
  "415": { status: 415 },
  "423": { status: 423 },
  "428": { status: 428 },
  "429": { status: 429 },
  "429, Retry-After: 86400": { status: 429, retryAfter: "86400" },
  "429, Retry-After: soon": { status: 429, retryAfter: "soon" },
  "429, Retry-After: year 9999": { status: 429, retryAfter: "Fri, 31 Dec 9999 23:59:59 GMT" },
  "500": { status: 500 },
  "500, carried out": { status: 500, isCarriedOut: true },
  "502": { status: 502, body: HTML },
  "503": { status: 503 },
  "504": { status: 504 },
  "no answer": { slowMs: HOUR },
  "reset before": { cut: "before" },
  "reset after": { cut: "after" },
  "half a body": { cut: "half" },
};
