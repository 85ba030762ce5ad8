import type { Customer, Problem } from "../customers/customer.ts";
import type { CustomerPage, ListQuery } from "../customers/list-query.ts";
import type { Scope } from "../customers/sweep.ts";

/** The List Wholesale Customers API, for questions of people. Throws a `Failure` for any answer that it cannot use. */
export interface Wholesale {
  /** @param options.fresh ignores the cache */
  list(query: ListQuery, options: { readonly fresh: boolean }): Promise<CustomerPage>;
  /** By the API's own id, within a scope; undefined for a 404. */
  get(id: string, options: { readonly fresh: boolean; readonly scope: Scope }): Promise<CustomerRead | undefined>;
  /** Never cached. Throws `wholesale.forbidden` if the token may not read subscribers. */
  subscribers(query: SubscriberQuery, scope: Scope): Promise<SubscriberPage>;
}

export interface SubscriberQuery {
  readonly customerId?: string;
  readonly email?: string;
  readonly offset: number;
  readonly max: number;
}

/** A person of a customer, with the packages that the person has. Texts that the API does not send are empty. */
export interface Subscriber {
  readonly email: string;
  readonly customerId: string;
  readonly externalCustomerId: string;
  readonly packages: readonly string[];
  /** In the API's spelling: `provisioned`, `pending_user_migration`. */
  readonly status: string;
  readonly problems: readonly Problem[];
}

export interface SubscriberPage {
  readonly subscribers: readonly Subscriber[];
  readonly unreadable: number;
  readonly hasMore: boolean;
  readonly readAt: number;
}

/** The same API for sweeps: without the cache, and behind the questions of people in the call budget (ALERTS 4). */
export interface WholesaleCrawler {
  /**
   * One page of a scope. After a 504 it asks for half of the rows; after a 429 or 423 it waits (ALERTS 7). Other failures throw a
   * `Failure`, and so does a page that cannot be parsed. A row that cannot be parsed is counted. `signal` ends every wait.
   */
  page(scope: Scope, request: CrawlRequest, signal?: AbortSignal): Promise<CrawlPage>;
  /** Undefined for a 404. */
  customer(id: string, scope: Scope, signal?: AbortSignal): Promise<ReceivedCustomer | undefined>;
  /** For a question of a person, so it goes ahead of sweeps. With names if the token may read organisations. */
  subpartners(): Promise<readonly Subpartner[]>;
  /** The display name; undefined when there is none. Throws `wholesale.forbidden` if the token may not read organisations. */
  organisationName(orgId: string, signal?: AbortSignal): Promise<string | undefined>;
  /**
   * All names in one call. @param take gets some at a time, while they come. Throws a `Failure` if the token may not have the list, or
   * if it is not whole; what was taken until then is true.
   */
  organisationNames(take: (names: readonly OrganisationName[]) => Promise<void>, signal?: AbortSignal): Promise<void>;
}

export interface OrganisationName {
  readonly orgId: string;
  /** Undefined when it has none. */
  readonly name: string | undefined;
}

export interface CrawlRequest {
  readonly offset: number;
  readonly max: number;
  readonly status?: string;
}

/** A customer as the API has just sent it. */
export interface ReceivedCustomer extends Pick<Customer, "id" | "status"> {
  /** Equal as long as the API sends the same of the customer, in whatever order. */
  readonly checksum: string;
  /** Parsed when it is asked for. */
  readonly customer: Customer;
}

export interface CrawlPage {
  readonly customers: readonly ReceivedCustomer[];
  readonly unreadable: number;
  readonly hasMore: boolean;
  readonly nextOffset: number;
  /** The page size that the API answered, to go on with. */
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
  /** Of its packages that have licences; absent in an answer of the list. */
  readonly licenses?: Licenses;
  /** The time of the API's answer, epoch milliseconds. */
  readonly readAt: number;
}

export type Licenses = readonly {
  readonly package: string;
  readonly ids: readonly string[];
}[];
