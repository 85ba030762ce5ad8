import type { Customer } from "../domain/customers/customer.ts";
import type { ListQuery } from "../domain/customers/list-query.ts";
import type { HttpResponse } from "../http.ts";
import { listCall, nextOffsetAfter } from "./customer-calls.ts";
import { failureOf } from "./failures.ts";
import type { AuthorizedRequest } from "./token.ts";
import { readCustomers } from "./wire.ts";

/** Consecutive rows of one list of the API. */
export interface ListRows {
  readonly customers: readonly Customer[];
  readonly unreadable: number;
  /** The number of rows in the list, with unreadable and repeated ones. */
  readonly rows: number;
  readonly hasMore: boolean;
}

export type ReadListRows = (query: ListQuery) => Promise<ListRows>;

/** Reads `query.max` rows, in several calls if the API returns shorter pages with a Link to the next one. */
export async function readListRows(request: AuthorizedRequest, query: ListQuery): Promise<ListRows> {
  const chunks: Chunk[] = [];
  let rows = 0;
  let next: Continuation = { offset: query.offset, size: query.max, isLinked: false };
  let hasMore = true;
  while (hasMore && rows < query.max) {
    const chunk = await readChunk(request, { ...query, max: query.max - rows }, next);
    chunks.push(chunk);
    rows += chunk.rows;
    ({ next, hasMore } = chunk);
  }
  return { ...joinRows(chunks), hasMore };
}

/** Joins rows in their order. A customer that moved between two calls is in both: the last reading counts. */
export function joinRows(parts: readonly ListRows[]): Omit<ListRows, "hasMore"> {
  const found = new Map(parts.flatMap(({ customers }) => customers.map((customer) => [customer.id, customer])));
  return {
    customers: [...found.values()],
    unreadable: parts.reduce((sum, part) => sum + part.unreadable, 0),
    rows: parts.reduce((sum, part) => sum + part.rows, 0),
  };
}

/** The next call: where it begins, with at most the page size that the API could answer in time. */
interface Continuation {
  readonly offset: number;
  readonly size: number;
  /** The page before had a link to this one. */
  readonly isLinked: boolean;
}

interface Chunk extends ListRows {
  readonly next: Continuation;
}

/** One call. After a 504 it requests half of the rows (API page, Response Codes), down to one row. */
async function readChunk(request: AuthorizedRequest, query: ListQuery, from: Continuation): Promise<Chunk> {
  const { offset, size, isLinked } = from;
  const max = Math.min(size, query.max);
  const call = listCall({ ...query, scope: query.subpartner ?? "", offset, max });
  const response = await request({ ...call, ...(max > 1 && { noRetryStatuses: [504] }) });
  if (response.status === 504 && max > 1) return readChunk(request, query, { ...from, size: Math.floor(max / 2) });
  if (response.status >= 300) throw failureOf(response);
  const page = readCustomers(response.json(), query.max);
  const rows = Math.min(page.rows, query.max);
  return {
    customers: page.customers,
    unreadable: page.unreadable,
    rows,
    hasMore: page.rows > query.max || (page.rows > 0 && hasNextPage(response, !isLinked && page.rows >= max)),
    next: { offset: nextOffsetAfter(response, { offset, rows }), size, isLinked: response.hasNext },
  };
}

/** Without a Link header, a full page counts as having a successor. */
function hasNextPage(response: HttpResponse, full: boolean): boolean {
  return response.headers.link === undefined ? full : response.hasNext;
}
