import {
  FULL_CRAWL_PAGE_SIZE,
  nextCrawlPageSize,
  PAGE_ROWS,
  type Scope,
  type SnapshotAge,
} from "../domain/customers/sweep.ts";
import type { Sleep } from "../domain/ports/runtime.ts";
import type { CrawlPage, ReceivedCustomer, WholesaleCrawler } from "../domain/ports/wholesale.ts";
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
/** Twice the customers that the bot is made for, and as many as it can take out again. */
const MAX_NEW_CUSTOMERS = 200_000;

/**
 * Every page of a list from `offset` on. The page size follows what the API can answer in time (ALERTS 7). If a page repeats a
 * customer, the last row counts. Throws a `Failure` when the list goes on without new customers or does not advance.
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
    if (isStuck || isEndless(page)) throw endlessListFailure("goes on, but brings nothing new");
    yield* piecesOf({ ...page, customers: uniqueById(page.customers) });
    size = nextCrawlPageSize(size, page.max);
    from = page.nextOffset;
    hasMore = page.hasMore;
  }
}

/** The customers that one transaction writes at most, unless a single page has more. */
const MOST_IN_BATCH = 500;
/** Pages that were read do not wait longer for the next one: what they show in error is to be told. */
const LONGEST_WAIT_MS = 1_000;

/**
 * Pages that come soon after one another, together. Each is written in one transaction, which writes a page of an index once for
 * all of them. Before a failure comes what was read.
 */
export async function* batchesOf(pages: AsyncGenerator<CrawlPage>, sleep: Sleep): AsyncGenerator<readonly CrawlPage[]> {
  let batch: CrawlPage[] = [];
  try {
    for (;;) {
      const next = pages.next();
      if (batch.length > 0 && !(await settlesWithin(next, LONGEST_WAIT_MS, sleep))) {
        yield batch;
        batch = [];
      }
      const { done, value } = await next;
      if (done) break;
      batch.push(value);
      if (!isFull(batch)) continue;
      yield batch;
      batch = [];
    }
  } catch (error) {
    if (batch.length > 0) yield batch;
    throw error;
  }
  if (batch.length > 0) yield batch;
}

const isFull = (batch: readonly CrawlPage[]): boolean =>
  batch.reduce((sum, { customers }) => sum + customers.length, 0) >= MOST_IN_BATCH;

async function settlesWithin(promise: Promise<unknown>, ms: number, sleep: Sleep): Promise<boolean> {
  const waiting = new AbortController();
  const settled = promise.then(
    () => true,
    () => true,
  );
  const tooLate = sleep(ms, waiting.signal).then(
    () => false,
    () => false,
  );
  const isSettled = await Promise.race([settled, tooLate]);
  waiting.abort();
  return isSettled;
}

/** Returns a function that is called with each page: true once the list has brought nothing new for too long. */
function createEndlessCheck(): (page: CrawlPage) => boolean {
  const seen = new Set<string>();
  /** Pages in a row without a new customer, and those of them without even a row that cannot be read. */
  let [stale, empty] = [0, 0];
  return ({ customers, unreadable }) => {
    const known = seen.size;
    for (const { id } of customers) seen.add(id);
    const isStale = seen.size === known;
    stale = isStale ? stale + 1 : 0;
    empty = isStale && unreadable === 0 ? empty + 1 : 0;
    return empty > MAX_STALE_PAGES || stale > MAX_UNREADABLE_PAGES;
  };
}

/** A page with more customers than were asked for, in pieces, so that no transaction is long. */
function* piecesOf(page: CrawlPage): Generator<CrawlPage> {
  const { most } = PAGE_ROWS;
  yield { ...page, customers: page.customers.slice(0, most) };
  for (let from = most; from < page.customers.length; from += most) {
    yield { ...page, customers: page.customers.slice(from, from + most), unreadable: 0, calls: 0 };
  }
}

function uniqueById(customers: readonly ReceivedCustomer[]): readonly ReceivedCustomer[] {
  return [...new Map(customers.map((customer) => [customer.id, customer])).values()];
}

/**
 * Returns a function that is called with the number of customers that each page has added to the snapshot. It throws a `Failure`
 * once the snapshot has too many that no complete sweep has listed. A batch is always taken, so that an API that is well again
 * can list new customers whatever was stored before.
 */
export function createGrowthCheck(
  { customers, listed = 0 }: SnapshotAge,
  most = MAX_NEW_CUSTOMERS,
): (added: number) => void {
  const room = Math.max(PAGE_ROWS.most, most - (customers - listed));
  let total = 0;
  return (added) => {
    total += added;
    if (total > room) throw endlessListFailure(`has brought more than ${most} new customers`);
  };
}

function endlessListFailure(what: string): Failure {
  const hint = "Check WHOLESALE_API_URL; if it is right, report this with the time at which it happened.";
  return new Failure("wholesale.unexpected", `The list of customers ${what}.`, hint);
}
