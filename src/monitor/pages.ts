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
