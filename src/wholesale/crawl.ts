import type { Customer } from "../domain/customers/customer.ts";
import type { Scope } from "../domain/customers/sweep.ts";
import type { Log, Sleep } from "../domain/ports/runtime.ts";
import type { WholesaleCrawler } from "../domain/ports/wholesale.ts";
import { Failure } from "../errors.ts";
import type { HttpCall, HttpResponse } from "../http.ts";
import { failureOf } from "./failures.ts";
import { createSubpartnerReader, readOrganisationName } from "./organisations.ts";
import type { AuthorizedRequest } from "./token.ts";
import { readCustomer, readCustomers } from "./wire.ts";

/** A page as it came in answer to a call for `max` rows from `offset` on. */
export interface ReceivedPage {
  /** Which list it belongs to. */
  readonly list: string;
  readonly offset: number;
  readonly max: number;
  readonly rows: number;
  readonly response: HttpResponse;
}

/**
 * Whether a list goes on behind a page. A Link header knows. Without one, a full page has a successor; a short page is the
 * end only if this API does not cut pages without a word, which one look behind the first short page tells.
 */
export function createEndOfList(): (page: ReceivedPage) => boolean {
  let shortIsEnd = false;
  let cuts = false;
  let looking: string | undefined;

  return ({ list, offset, max, rows, response }) => {
    if (response.hasNext) {
      shortIsEnd = true;
      return true;
    }
    if (response.headers.link !== undefined) return false;
    if (looking === `${list} ${offset}`) {
      cuts ||= rows > 0;
      shortIsEnd ||= !cuts;
      looking = undefined;
    }
    if (rows === 0 || (rows < max && shortIsEnd && !cuts)) return false;
    if (rows < max) looking = `${list} ${offset + rows}`;
    return true;
  };
}

export interface CrawlDeps {
  /** Asks with what the budget has to spare. */
  readonly request: AuthorizedRequest;
  /** Asks ahead of that, for somebody who waits. */
  readonly requestNow: AuthorizedRequest;
  readonly sleep: Sleep;
  readonly log: Log;
}

/** The API asks for patience, and means it (API page, Response Codes). */
const BUSY = [423, 429];
/** How long to wait when it does not say. */
const DEFAULT_WAIT_MS = 10_000;

/** The List Wholesale Customers API, page by page and past the cache. */
export function createCrawl({ request, requestNow, sleep, log }: CrawlDeps): WholesaleCrawler {
  const goesOn = createEndOfList();

  const askPatiently: AuthorizedRequest = async (call) => {
    for (;;) {
      const response = await request({
        ...call,
        noRetryStatuses: [...BUSY, ...(call.noRetryStatuses ?? [])],
      });
      if (!BUSY.includes(response.status)) return response;
      const waitMs = response.retryAfterMs ?? DEFAULT_WAIT_MS;
      log.info("wholesale.waiting", { status: response.status, waitMs });
      await sleep(waitMs, call.signal);
    }
  };

  /** After a 504 it asks for half as much, down to a single row. */
  const askForRows = async (call: HttpCall, max: number): Promise<Rows> => {
    for (let size = max, calls = 1; ; size = Math.floor(size / 2), calls += 1) {
      const query = { ...call.query, max: size };
      const response = await askPatiently({ ...call, query, ...(size > 1 && { noRetryStatuses: [504] }) });
      if (response.status === 504 && size > 1) continue;
      if (response.status >= 300) throw failureOf(response);
      return { response, size, calls };
    }
  };

  return {
    page: async (scope, { offset, max, status }, signal) => {
      const query = { status, offset, ...onBehalfOf(scope) };
      const call = { method: "GET", path: "/wholesale/customers", query, ...(signal && { signal }) } as const;
      const { response, size, calls } = await askForRows(call, max);
      const { customers, unreadable, rows } = readCustomers(response.json());
      if (status !== undefined) checkStatus(customers, status);
      const nextOffset = nextOffsetOf(response, offset) ?? offset + rows;
      const list = JSON.stringify([scope, status]);
      const more = goesOn({ list, offset, max: size, rows, response });
      return { customers, unreadable, hasMore: more && nextOffset > offset, nextOffset, max: size, calls };
    },
    customer: async (id, scope, signal) => {
      const path = `/wholesale/customers/${encodeURIComponent(id)}`;
      const query = onBehalfOf(scope);
      const response = await askPatiently({ method: "GET", path, query, ...(signal && { signal }) });
      if (response.status === 404) return undefined;
      if (response.status >= 300) throw failureOf(response);
      return readCustomer(response.json());
    },
    subpartners: createSubpartnerReader(requestNow),
    organisationName: (orgId, signal) => readOrganisationName(askPatiently, orgId, signal),
  };
}

interface Rows {
  readonly response: HttpResponse;
  /** What the API could bear. */
  readonly size: number;
  readonly calls: number;
}

function onBehalfOf(scope: Scope): { readonly onBehalfOfSubPartnerOrgId?: string } {
  return scope === "" ? {} : { onBehalfOfSubPartnerOrgId: scope };
}

/** Where the API's own link goes on, if it says so and leads onwards. */
function nextOffsetOf({ nextPath }: HttpResponse, offset: number): number | undefined {
  if (nextPath === undefined) return undefined;
  const next = new URL(nextPath, "http://link").searchParams.get("offset") ?? "";
  return /^\d{1,12}$/.test(next) && Number(next) > offset ? Number(next) : undefined;
}

/** An API that ignores the filter would have a look read every customer there is. */
function checkStatus(customers: readonly Customer[], status: string): void {
  if (customers.every((customer) => customer.status === status)) return;
  const fix = "Sweeps are not affected; report this with the time at which it happened.";
  throw new Failure("wholesale.filter_ignored", `Webex listed others than those with status ${status}.`, fix);
}
