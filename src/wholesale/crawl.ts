import { LONGEST_RETRY_AFTER_MS } from "../domain/alerts/delivery-policy.ts";
import type { FaultLog, Sleep } from "../domain/ports/runtime.ts";
import type { ReceivedCustomer, WholesaleCrawler } from "../domain/ports/wholesale.ts";
import { Failure } from "../errors.ts";
import type { HttpCall, HttpResponse } from "../http.ts";
import { customerCall, listCall, nextOffsetAfter } from "./customer-calls.ts";
import { failureOf } from "./failures.ts";
import { createSubpartnerReader, readAllOrganisationNames, readOrganisationName } from "./organisations.ts";
import { createRowReader } from "./received.ts";
import type { AuthorizedRequest } from "./token.ts";
import { readPage } from "./wire.ts";

/** A page that was received for `max` rows from `offset` on. */
export interface ReceivedPage {
  /** Names the list that it belongs to. */
  readonly list: string;
  readonly offset: number;
  readonly max: number;
  readonly rows: number;
  readonly response: HttpResponse;
}

/**
 * True if a list has more rows after a page. If there is a Link header, it decides. Without one, a full page has a successor. A
 * short page is the end only if this API never returns short pages in the middle of a list; one call after the first short page
 * finds that out.
 */
export function createEndOfList(): (page: ReceivedPage) => boolean {
  let shortIsEnd = false;
  let hasShortPages = false;
  let probe: string | undefined;

  return ({ list, offset, max, rows, response }) => {
    if (response.hasNext) {
      shortIsEnd = true;
      return true;
    }
    if (response.headers.link !== undefined) return false;
    if (probe === `${list} ${offset}`) {
      hasShortPages ||= rows > 0;
      shortIsEnd ||= !hasShortPages;
      probe = undefined;
    }
    if (rows === 0 || (rows < max && shortIsEnd && !hasShortPages)) return false;
    if (rows < max) probe = `${list} ${offset + rows}`;
    return true;
  };
}

export interface CrawlDeps {
  /** Takes `crawl` calls from the budget. */
  readonly request: AuthorizedRequest;
  /** Takes `question` calls, because a person waits. */
  readonly requestNow: AuthorizedRequest;
  /** Called with each page, and with each refusal that is waited for: whether the customers can be read at the moment. */
  readonly onOutcome: (failure: unknown) => void;
  readonly sleep: Sleep;
  readonly log: FaultLog;
}

/** The API asks to wait and try again (API page, Response Codes). */
const BUSY = [423, 429];
/** The wait when there is no Retry-After. */
const DEFAULT_WAIT_MS = 10_000;
const SHORTEST_WAIT_MS = 1_000;
/** One call waits no longer in all: then the reading fails, and other scopes have their turn (ALERTS 7). */
const PATIENCE_MS = 2 * LONGEST_RETRY_AFTER_MS;

/** The same request; it waits as long as the API asks it to, and tries again. */
function createPatientRequest({ request, onOutcome, sleep, log }: Omit<CrawlDeps, "requestNow">) {
  /** @param waitsFor the statuses after which the same call is made again */
  return async (call: HttpCall, waitsFor = BUSY): Promise<HttpResponse> => {
    for (let waitedMs = 0; ; ) {
      const response = await request({ ...call, noRetryStatuses: [...BUSY, ...(call.noRetryStatuses ?? [])] });
      const { status, retryAfterMs = DEFAULT_WAIT_MS } = response;
      if (!waitsFor.includes(status) || waitedMs >= PATIENCE_MS) return response;
      onOutcome(failureOf(response));
      const waitMs = Math.max(SHORTEST_WAIT_MS, retryAfterMs);
      log.failing("wholesale.waiting", { status, waitMs });
      await sleep(waitMs, call.signal);
      waitedMs += waitMs;
    }
  };
}

/** An API may send more rows than it was asked for, and not any number of them: one page is read in one piece. */
const MAX_PAGE_ROWS = 1_000;

function pageTooLong(rows: number, asked: number): Failure {
  const hint = "Check WHOLESALE_API_URL; if it is right, report this with the time at which it happened.";
  const message = `Webex sent ${rows} customers on one page, where ${asked} were asked for.`;
  return new Failure("wholesale.unexpected", message, hint);
}

/** The List Wholesale Customers API page by page, without the cache. */
export function createCrawl({ request, requestNow, onOutcome, sleep, log }: CrawlDeps): WholesaleCrawler {
  const hasMoreAfter = createEndOfList();
  const readRow = createRowReader();
  const requestPatiently = createPatientRequest({ request, onOutcome, sleep, log });

  /** After a 504 it requests half of the rows, down to one row (ALERTS 7). */
  const requestRows = async (call: HttpCall, max: number): Promise<Rows> => {
    for (let size = max, calls = 1; ; size = Math.floor(size / 2), calls += 1) {
      const query = { ...call.query, max: size };
      const response = await requestPatiently({ ...call, query, ...(size > 1 && { noRetryStatuses: [504] }) });
      if (response.status === 504 && size > 1) continue;
      if (response.status >= 300) throw failureOf(response);
      log.working("wholesale.waiting");
      onOutcome(undefined);
      return { response, size, calls };
    }
  };

  return {
    page: async (scope, { offset, max, status }, signal) => {
      const statuses = status === undefined ? [] : [status];
      const call = { ...listCall({ scope, statuses, offset, max }), ...(signal && { signal }) };
      const { response, size, calls } = await requestRows(call, max).catch((error: unknown) => {
        if (!signal?.aborted) onOutcome(error);
        throw error;
      });
      const { customers, unreadable, rows, failure } = readPage(response.json(), MAX_PAGE_ROWS, readRow);
      if (rows > MAX_PAGE_ROWS) throw pageTooLong(rows, size);
      if (failure !== undefined) log.failing("customer.unreadable", { unreadable, error: failure });
      if (status !== undefined) checkStatus(customers, status);
      const nextOffset = nextOffsetAfter(response, { offset, rows });
      const list = JSON.stringify([scope, status]);
      const hasMore = hasMoreAfter({ list, offset, max: size, rows, response });
      return { customers, unreadable, hasMore, nextOffset, max: size, calls };
    },
    customer: async (id, scope, signal) => {
      // A lock is one customer's trouble, and must not keep the others waiting.
      const call = { ...customerCall(id, scope), ...(signal && { signal }) };
      const response = await requestPatiently(call, [429]);
      if (response.status === 404) return undefined;
      if (response.status >= 300) throw failureOf(response);
      const found = readRow(response.json());
      if (found instanceof Failure) throw found;
      return found;
    },
    subpartners: createSubpartnerReader(requestNow),
    organisationName: (orgId, signal) => readOrganisationName(requestPatiently, orgId, signal),
    // The list is not retried: single names are read instead.
    organisationNames: (take, signal) => readAllOrganisationNames(request, take, signal),
  };
}

interface Rows {
  readonly response: HttpResponse;
  /** The number of rows that were requested in the end. */
  readonly size: number;
  readonly calls: number;
}

/** If the API ignored the filter, a quick poll would read all customers. */
function checkStatus(customers: readonly ReceivedCustomer[], status: string): void {
  if (customers.every((customer) => customer.status === status)) return;
  const hint = "Complete readings are not affected; report this with the time at which it happened.";
  throw new Failure("wholesale.filter_ignored", `Webex listed others than those with status ${status}.`, hint);
}
