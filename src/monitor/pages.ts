import type { Reading } from "../domain/alerts/lifecycle.ts";
import type { Customer } from "../domain/customers/customer.ts";
import { FULL_CRAWL_PAGE_SIZE, nextCrawlPageSize, type Scope } from "../domain/customers/sweep.ts";
import type { Clock, Log } from "../domain/ports/runtime.ts";
import type { Fence, SnapshotWriter } from "../domain/ports/snapshot.ts";
import type { CrawlPage, WholesaleCrawler } from "../domain/ports/wholesale.ts";
import { Failure } from "../errors.ts";

export interface CrawlContext {
  readonly crawl: WholesaleCrawler;
  readonly scope: Scope;
  readonly signal: AbortSignal;
}

export interface ListStart {
  readonly offset: number;
  readonly status?: string;
}

/** The last page may be empty although a link announced it. More empty pages in a row mean a list without an end. */
const MAX_EMPTY_PAGES = 3;

/**
 * Every page of a list from `offset` on. The page size follows what the API can answer in time (ALERTS 7). If a page repeats a
 * customer, the last row counts. Throws a `Failure` when the list goes on without new rows.
 */
export async function* pagesOf(
  { crawl, scope, signal }: CrawlContext,
  { offset, ...list }: ListStart,
): AsyncGenerator<CrawlPage> {
  let size = FULL_CRAWL_PAGE_SIZE;
  let last = "";
  let empty = 0;
  for (let from = offset, hasMore = true; hasMore; ) {
    signal.throwIfAborted();
    const page = await crawl.page(scope, { ...list, offset: from, max: size.max }, signal);
    const customers = uniqueById(page.customers);
    const ids = customers.map(({ id }) => id).join();
    empty = customers.length + page.unreadable === 0 ? empty + 1 : 0;
    if (empty > MAX_EMPTY_PAGES || (ids !== "" && ids === last)) throw endlessListFailure();
    yield { ...page, customers };
    size = nextCrawlPageSize(size, page.max);
    last = ids;
    from = page.nextOffset;
    hasMore = page.hasMore;
  }
}

function uniqueById(customers: readonly Customer[]): readonly Customer[] {
  return [...new Map(customers.map((customer) => [customer.id, customer])).values()];
}

function endlessListFailure(): Failure {
  const hint = "Check WHOLESALE_API_URL; if it is right, report this with the time at which it happened.";
  return new Failure("wholesale.unexpected", "The list of customers goes on, but brings nothing new.", hint);
}

export interface LookupDeps {
  readonly crawl: WholesaleCrawler;
  readonly writer: SnapshotWriter;
  readonly clock: Clock;
  readonly log: Log;
  readonly fence: Fence;
  readonly signal: AbortSignal;
}

export interface LookupResult {
  readonly calls: number;
  readonly changed: number;
  /** The customers that the API returned. */
  readonly ids: readonly string[];
}

/** How many customers go into the snapshot in one transaction. */
const LOOKUP_BATCH = 50;

/**
 * Reads customers one by one and records those that exist.
 * @param reading the quick poll that the look-ups belong to, or a reading of kind `lookup` for customers that two complete
 *   sweeps did not find: only then are customers removed that do not exist (ALERTS 5, 14)
 */
export async function lookUpCustomers(
  deps: LookupDeps,
  ids: readonly string[],
  reading: Reading,
): Promise<LookupResult> {
  const existing: string[] = [];
  let calls = 0;
  let changed = 0;
  for (let from = 0; from < ids.length; from += LOOKUP_BATCH) {
    const found: Customer[] = [];
    const gone: string[] = [];
    for (const id of ids.slice(from, from + LOOKUP_BATCH)) {
      calls += 1;
      const customer = await fetchCustomer(deps, id);
      if (customer === "unreadable") continue;
      if (customer === undefined) gone.push(id);
      else found.push(customer);
    }
    const removed = reading.kind === "lookup" ? gone : [];
    changed += await recordLookup(deps, { found, removed, reading });
    existing.push(...found.map(({ id }) => id));
  }
  return { calls, changed, ids: existing };
}

/** Undefined when the customer does not exist. A customer that cannot be parsed does not fail the others. */
async function fetchCustomer(
  { crawl, fence, signal, log }: LookupDeps,
  id: string,
): Promise<Customer | undefined | "unreadable"> {
  try {
    return await crawl.customer(id, fence.scope, signal);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== "wholesale.unexpected") throw error;
    log.warn("customer.unreadable", { customerId: id, error });
    return "unreadable";
  }
}

async function recordLookup(
  { writer, clock, fence }: LookupDeps,
  { found, removed, reading }: { found: readonly Customer[]; removed: readonly string[]; reading: Reading },
): Promise<number> {
  const page = { customers: found, at: clock(), reading };
  const changed = found.length === 0 ? [] : await writer.recordPage(page, fence);
  const gone = removed.length === 0 ? [] : await writer.remove(removed, clock(), fence);
  return changed.length + gone.length;
}
