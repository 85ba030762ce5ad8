import type { Customer } from "./customer.ts";
import type { Filter, Term } from "./filter.ts";
import { FIELD_DEFINITIONS, type FilterField } from "./filter-fields.ts";

/** A filter, parted into what the list API answers by itself and the terms that it has no parameter for. */
export interface LiveQuery {
  readonly query: ListQuery;
  readonly needsSnapshot: readonly Term[];
}

/**
 * The API compares exactly and joins by "and" (API page, Query Parameters): no negation, no prefix, one value for each
 * parameter but `status`. A field that is used twice would need two values at once, so both of its terms are left over.
 */
export function liveQuery(filter: Filter, { page, max }: { readonly page: number; readonly max: number }): LiveQuery {
  const live = filter.filter((term) => isLive(term, filter));
  const values = (field: FilterField) =>
    live.filter((term) => term.field === field).flatMap((term) => term.values.map((value) => value.text));
  const [externalId] = values("externalId");
  const [orgId] = values("orgId");
  const [subpartner] = values("subpartner");
  const query: ListQuery = {
    ...(externalId !== undefined && { externalId }),
    ...(orgId !== undefined && { orgId }),
    ...(subpartner !== undefined && { subpartner }),
    statuses: values("status"),
    offset: (page - 1) * max,
    max,
  };
  return { query, needsSnapshot: filter.filter((term) => !live.includes(term)) };
}

/**
 * Whether a row is what was asked for: the encoding of several statuses is undocumented, and a parameter that the API
 * ignores would otherwise show other people's customers. A row does not say its sub-partner, so that is not compared.
 */
export function matchesQuery(customer: Customer, query: ListQuery): boolean {
  if (query.externalId !== undefined && customer.externalId !== query.externalId) return false;
  if (query.orgId !== undefined && customer.orgId !== query.orgId) return false;
  return query.statuses.length === 0 || query.statuses.includes(customer.status);
}

function isLive(term: Term, filter: Filter): boolean {
  const { apiParameter } = FIELD_DEFINITIONS[term.field];
  if (apiParameter === undefined || term.negated) return false;
  if (term.values.some((value) => value.prefix)) return false;
  if (apiParameter === "one" && term.values.length !== 1) return false;
  return filter.filter((other) => other.field === term.field).length === 1;
}

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
