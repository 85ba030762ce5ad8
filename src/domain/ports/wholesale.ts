import type { Customer } from "../customers/customer.ts";
import type { CustomerPage, ListQuery } from "../customers/list-query.ts";
import type { Scope } from "../customers/sweep.ts";

/** The List Wholesale Customers API. Throws a `Failure` when it does not answer as it should. */
export interface Wholesale {
  /** @param options.fresh asks the API even where an answer is at hand */
  list(query: ListQuery, options: { readonly fresh: boolean }): Promise<CustomerPage>;
  /** One customer by the API's own id; undefined when there is none. */
  get(id: string, options: { readonly fresh: boolean }): Promise<CustomerRead | undefined>;
}

/** The same API as sweeps read it: page by page, past the cache, behind the live questions in the one call budget. */
export interface WholesaleCrawler {
  /**
   * One page of a scope. A 504 halves what is asked for, 429 and 423 are waited for (ALERTS 7); anything else throws a `Failure`.
   * A row that cannot be read is counted; a page that cannot be read is a `Failure`. Every wait ends with `signal`.
   */
  page(scope: Scope, ask: CrawlRequest, signal?: AbortSignal): Promise<CrawlPage>;
  /** Undefined when there is none (404). */
  customer(id: string, scope: Scope, signal?: AbortSignal): Promise<Customer | undefined>;
  /** Asked by people, and therefore ahead of the walk. Named where the token may read organisations. */
  subpartners(): Promise<readonly Subpartner[]>;
  /** The organisation's display name; undefined when there is none. `wholesale.forbidden` where the token may not read it. */
  organisationName(orgId: string, signal?: AbortSignal): Promise<string | undefined>;
}

export interface CrawlRequest {
  readonly offset: number;
  readonly max: number;
  /** Only customers of this status; all when absent. */
  readonly status?: string;
}

export interface CrawlPage {
  readonly customers: readonly Customer[];
  readonly unreadable: number;
  readonly hasMore: boolean;
  /** Where the next page begins. */
  readonly nextOffset: number;
  /** The size that the API could bear: to go on with, and to let grow back. */
  readonly max: number;
  readonly calls: number;
}

export interface Subpartner {
  readonly orgId: string;
  readonly name?: string;
  /** In the API's spelling: `active`, `suspended`. */
  readonly state: string;
}

export interface CustomerRead {
  readonly customer: Customer;
  /** When the API said so, epoch milliseconds. */
  readonly readAt: number;
}
