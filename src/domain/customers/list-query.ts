import type { Customer } from "./customer.ts";
import type { Filter, Term } from "./filter.ts";
import { FIELD_DEFINITIONS, type FilterField } from "./filter-fields.ts";

/** A filter in two parts: the query of the list API, and the terms that the API has no parameter for. */
export interface LiveQuery {
  readonly query: ListQuery;
  readonly needsSnapshot: readonly Term[];
}

/**
 * Splits a filter. The API compares exactly and combines by "and" (API page, Query Parameters): no negation, no prefix, and
 * one value for each parameter except `status`. If a filter uses a field twice, both terms need the snapshot.
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
 * True if a row of the API matches the query. The encoding of several statuses is undocumented, and if the API ignored a
 * parameter, customers of others would be shown. A row has no sub-partner to compare.
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

/** The parameters of the list API (API page, Query Parameters). */
export interface ListQuery {
  readonly externalId?: string;
  readonly orgId?: string;
  /** Any of these; an empty list is every status. */
  readonly statuses: readonly string[];
  readonly subpartner?: string;
  readonly offset: number;
  readonly max: number;
}

/** One page of an answer. The API sends no total. */
export interface CustomerPage {
  readonly customers: readonly Customer[];
  readonly hasMore: boolean;
  /** The number of rows of this page that could not be parsed. */
  readonly unreadable: number;
  /** When the API gave this answer, epoch milliseconds. */
  readonly readAt: number;
}

/** The default and the largest number of customers on a page. */
export const PAGE_SIZE = { usual: 10, most: 50 } as const;
