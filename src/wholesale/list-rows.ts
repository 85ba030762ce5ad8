import type { Customer } from "../domain/customers/customer.ts";
import type { ListQuery } from "../domain/customers/list-query.ts";
import type { HttpCall, HttpResponse } from "../http.ts";
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
  let next: Continuation = { size: query.max };
  let hasMore = true;
  while (hasMore && rows < query.max) {
    const rest = { ...query, offset: query.offset + rows, max: query.max - rows };
    const chunk = await readChunk(request, rest, next);
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

/** The next call: the API’s own link if there is one, with at most the page size that it could answer in time. */
interface Continuation {
  readonly size: number;
  readonly path?: string;
}

interface Chunk extends ListRows {
  readonly next: Continuation;
}

/** One call. After a 504 it requests half of the rows (API page, Response Codes), down to one row. */
async function readChunk(request: AuthorizedRequest, query: ListQuery, { size, path }: Continuation): Promise<Chunk> {
  const max = Math.min(size, query.max);
  const target = path ? { path } : { path: "/wholesale/customers", query: parametersOf({ ...query, max }) };
  const response = await request({ method: "GET", ...target, ...(max > 1 && { noRetryStatuses: [504] }) });
  if (response.status === 504 && max > 1) return readChunk(request, query, { size: Math.floor(max / 2) });
  if (response.status >= 300) throw failureOf(response);
  const page = readCustomers(response.json(), query.max);
  return {
    customers: page.customers,
    unreadable: page.unreadable,
    rows: Math.min(page.rows, query.max),
    hasMore: page.rows > query.max || (page.rows > 0 && hasNextPage(response, !path && page.rows >= max)),
    next: { size, ...(response.nextPath !== undefined && { path: response.nextPath }) },
  };
}

/** Without a Link header, a full page counts as having a successor. */
function hasNextPage(response: HttpResponse, full: boolean): boolean {
  return response.headers.link === undefined ? full : response.hasNext;
}

function parametersOf({ externalId, orgId, statuses, subpartner, offset, max }: ListQuery): HttpCall["query"] & {} {
  return { externalId, orgId, status: statuses, offset, max, onBehalfOfSubPartnerOrgId: subpartner };
}
