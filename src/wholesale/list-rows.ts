import type { Customer } from "../domain/customers/customer.ts";
import type { ListQuery } from "../domain/customers/list-query.ts";
import type { HttpCall, HttpResponse } from "../http.ts";
import { failureOf } from "./failures.ts";
import type { AuthorizedRequest } from "./token.ts";
import { readCustomers } from "./wire.ts";

/** A run of rows out of one list of the API, in its order. */
export interface ListRows {
  readonly customers: readonly Customer[];
  readonly unreadable: number;
  /** How many places of the list it takes; those of unreadable and repeated rows count. */
  readonly rows: number;
  readonly hasMore: boolean;
}

export type ReadListRows = (query: ListQuery) => Promise<ListRows>;

/** Reads `query.max` rows in as many calls as that takes: the API may cut a page short and name the next in a Link. */
export async function readListRows(ask: AuthorizedRequest, query: ListQuery): Promise<ListRows> {
  const parts: Chunk[] = [];
  let rows = 0;
  let next: Continuation = { size: query.max };
  let hasMore = true;
  while (hasMore && rows < query.max) {
    const room = query.max - rows;
    const part = await readChunk(ask, { ...query, offset: query.offset + rows, max: room }, next);
    parts.push(part);
    rows += part.rows;
    ({ next, hasMore } = part);
  }
  return { ...joinRows(parts), hasMore };
}

/** Stretches one behind the other. A customer that moved between two calls stands in both: it is shown as read last. */
export function joinRows(parts: readonly ListRows[]): Omit<ListRows, "hasMore"> {
  const found = new Map(parts.flatMap(({ customers }) => customers.map((customer) => [customer.id, customer])));
  return {
    customers: [...found.values()],
    unreadable: parts.reduce((sum, part) => sum + part.unreadable, 0),
    rows: parts.reduce((sum, part) => sum + part.rows, 0),
  };
}

/** How to go on: by the API's own link where it gave one, and never with more rows a call than it could bear. */
interface Continuation {
  readonly size: number;
  readonly path?: string;
}

interface Chunk extends ListRows {
  readonly next: Continuation;
}

/** One call. After a 504 it asks for half as much (API page, Response Codes), down to a single row. */
async function readChunk(ask: AuthorizedRequest, query: ListQuery, { size, path }: Continuation): Promise<Chunk> {
  const max = Math.min(size, query.max);
  const target = path ? { path } : { path: "/wholesale/customers", query: parametersOf({ ...query, max }) };
  const response = await ask({ method: "GET", ...target, ...(max > 1 && { noRetryStatuses: [504] }) });
  if (response.status === 504 && max > 1) return readChunk(ask, query, { size: Math.floor(max / 2) });
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

/** A Link header knows. Without one, a page as long as was asked for is taken to have a successor. */
function hasNextPage(response: HttpResponse, full: boolean): boolean {
  return response.headers.link === undefined ? full : response.hasNext;
}

function parametersOf({ externalId, orgId, statuses, subpartner, offset, max }: ListQuery): HttpCall["query"] & {} {
  return { externalId, orgId, status: statuses, offset, max, onBehalfOfSubPartnerOrgId: subpartner };
}
