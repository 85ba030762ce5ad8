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

/** A last page may be empty although it was announced; this many of them are no list any more. */
const EMPTY_PAGES = 3;

/** Every page of a list from `offset` on, in the sizes that the API bears. A customer is on a page once, as it stood there last. */
export async function* pagesOf(
  { crawl, scope, signal }: CrawlContext,
  { offset, ...list }: ListStart,
): AsyncGenerator<CrawlPage> {
  let pace = FULL_CRAWL_PAGE_SIZE;
  let last = "";
  let empty = 0;
  for (let from = offset, hasMore = true; hasMore; ) {
    signal.throwIfAborted();
    const page = await crawl.page(scope, { ...list, offset: from, max: pace.max }, signal);
    const customers = uniqueById(page.customers);
    const ids = customers.map(({ id }) => id).join();
    empty = customers.length + page.unreadable === 0 ? empty + 1 : 0;
    if (empty > EMPTY_PAGES || (ids !== "" && ids === last)) throw endlessListFailure();
    yield { ...page, customers };
    pace = nextCrawlPageSize(pace, page.max);
    last = ids;
    from = page.nextOffset;
    hasMore = page.hasMore;
  }
}

function uniqueById(customers: readonly Customer[]): readonly Customer[] {
  return [...new Map(customers.map((customer) => [customer.id, customer])).values()];
}

function endlessListFailure(): Failure {
  const fix = "Check WHOLESALE_API_URL; if it is right, report this with the time at which it happened.";
  return new Failure("wholesale.unexpected", "The list of customers goes on, but brings nothing new.", fix);
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
  /** Those that are there. */
  readonly ids: readonly string[];
}

/** How many customers go into the snapshot in one transaction. */
const LOOKUP_BATCH = 50;

/**
 * Asks for customers one by one and takes in those that are there.
 * @param reading the look that it belongs to, or, after two complete sweeps that did not find them, a `look-up`: only then are
 *   those that are not there removed (ALERTS 5, 14)
 */
export async function lookUpCustomers(
  deps: LookupDeps,
  ids: readonly string[],
  reading: Reading,
): Promise<LookupResult> {
  const there: string[] = [];
  let calls = 0;
  let changed = 0;
  for (let from = 0; from < ids.length; from += LOOKUP_BATCH) {
    const some = ids.slice(from, from + LOOKUP_BATCH);
    const found: Customer[] = [];
    const gone: string[] = [];
    for (const id of some) {
      calls += 1;
      const answer = await fetchCustomer(deps, id);
      if (answer === "unknown") continue;
      if (answer === undefined) gone.push(id);
      else found.push(answer);
    }
    const removed = reading.kind === "lookup" ? gone : [];
    changed += await recordLookup(deps, { found, removed, reading });
    there.push(...found.map(({ id }) => id));
  }
  return { calls, changed, ids: there };
}

/** One customer that cannot be read must not keep the others from being asked for. */
async function fetchCustomer(
  { crawl, fence, signal, log }: LookupDeps,
  id: string,
): Promise<Customer | undefined | "unknown"> {
  try {
    return await crawl.customer(id, fence.scope, signal);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== "wholesale.unexpected") throw error;
    log.warn("customer.unreadable", { customerId: id, error });
    return "unknown";
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
