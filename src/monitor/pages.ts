import type { Customer } from "../domain/customers/customer.ts";
import { FULL_CRAWL_PAGE_SIZE, nextCrawlPageSize, type Scope } from "../domain/customers/sweep.ts";
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

/** The last page may be empty although a link announced it. More pages in a row without a new row mean a list without an end. */
const MAX_STALE_PAGES = 3;
/** A row that cannot be read may be a new customer, so more pages without any other row are read before the list is given up. */
const MAX_UNREADABLE_PAGES = 100;
/** Far above any real list: two million customers by full pages. */
const MAX_PAGES = 20_000;

/**
 * Every page of a list from `offset` on. The page size follows what the API can answer in time (ALERTS 7). If a page repeats a
 * customer, the last row counts. Throws a `Failure` when the list goes on without new customers, does not
 * advance, or has no end.
 */
export async function* pagesOf(
  { crawl, scope, signal }: CrawlContext,
  { offset, ...list }: ListStart,
): AsyncGenerator<CrawlPage> {
  let size = FULL_CRAWL_PAGE_SIZE;
  const isEndless = createEndlessCheck();
  for (let from = offset, hasMore = true; hasMore; ) {
    signal.throwIfAborted();
    const page = await crawl.page(scope, { ...list, offset: from, max: size.max }, signal);
    const isStuck = page.hasMore && page.nextOffset <= from;
    if (isStuck || isEndless(page)) throw endlessListFailure();
    yield { ...page, customers: uniqueById(page.customers) };
    size = nextCrawlPageSize(size, page.max);
    from = page.nextOffset;
    hasMore = page.hasMore;
  }
}

/** Returns a function that is called with each page: true once the list has brought nothing new for too long. */
function createEndlessCheck(): (page: CrawlPage) => boolean {
  const seen = new Set<string>();
  /** Pages in a row without a new customer, and those of them without even a row that cannot be read. */
  let [stale, empty, pages] = [0, 0, 0];
  return ({ customers, unreadable }) => {
    const known = seen.size;
    for (const { id } of customers) seen.add(id);
    const isStale = seen.size === known;
    stale = isStale ? stale + 1 : 0;
    empty = isStale && unreadable === 0 ? empty + 1 : 0;
    pages += 1;
    return empty > MAX_STALE_PAGES || stale > MAX_UNREADABLE_PAGES || pages > MAX_PAGES;
  };
}

function uniqueById(customers: readonly Customer[]): readonly Customer[] {
  return [...new Map(customers.map((customer) => [customer.id, customer])).values()];
}

function endlessListFailure(): Failure {
  const hint = "Check WHOLESALE_API_URL; if it is right, report this with the time at which it happened.";
  return new Failure("wholesale.unexpected", "The list of customers goes on, but brings nothing new.", hint);
}
