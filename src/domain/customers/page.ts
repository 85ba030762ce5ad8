import type { Customer } from "./customer.ts";

/** A question that the list API can answer by itself: its own parameters and nothing else (API page, Query Parameters). */
export interface ListQuery {
  readonly externalId?: string;
  readonly orgId?: string;
  /** Any of these; none is all of them. */
  readonly statuses: readonly string[];
  readonly subpartner?: string;
  /** How many customers to leave out at the start. */
  readonly offset: number;
  readonly max: number;
}

/** One page of an answer. There is no total: the API does not say it. */
export interface CustomerPage {
  readonly customers: readonly Customer[];
  /** Whether the API holds more behind this page, as far as it tells. */
  readonly hasMore: boolean;
  /** Rows of this page that could not be read: kept aside, counted, never silently gone. */
  readonly unreadable: number;
  /** When the API gave this answer, epoch milliseconds. */
  readonly readAt: number;
}

/** How many customers on a page when nobody says, and at most. */
export const PAGE_SIZE = { usual: 10, most: 50 } as const;
