import { type ListQuery, matchesQuery } from "../domain/customers/list-query.ts";
import type { Clock, FaultLog } from "../domain/ports/runtime.ts";
import type { Wholesale } from "../domain/ports/wholesale.ts";
import type { Http } from "../http.ts";
import { customerWithLicensesCall } from "./customer-calls.ts";
import { failureOf } from "./failures.ts";
import { type ListRows, readListRows } from "./list-rows.ts";
import { createMultiStatus, createPerStatusLists } from "./multi-status.ts";
import { readSubscribers } from "./subscribers.ts";
import { type AccessToken, createAuthorizedRequest } from "./token.ts";
import { readCustomer, readLicenses } from "./wire.ts";

export interface ClientDeps {
  readonly http: Http;
  readonly token: AccessToken;
  readonly clock: Clock;
  readonly log: FaultLog;
}

/** The List Wholesale Customers API, without a cache. */
export function createClient({ http, token, clock, log }: ClientDeps): Wholesale {
  const request = createAuthorizedRequest(http, token);
  const readAny = (query: ListQuery): Promise<ListRows> => readListRows(request, query);

  /** Drops rows that do not match the query, because the API may ignore a filter. */
  const checked = (rows: ListRows, query: ListQuery): ListRows => {
    const customers = rows.customers.filter((customer) => matchesQuery(customer, query));
    const dropped = rows.customers.length - customers.length;
    if (dropped > 0) log.failing("wholesale.filter_ignored", { filter: filtersOf(query), dropped });
    else log.working("wholesale.filter_ignored");
    return { ...rows, customers };
  };

  const readOne = async (query: ListQuery): Promise<ListRows> => checked(await readAny(query), query);
  const readMultiStatus = createMultiStatus({
    inOneCall: readAny,
    perStatus: createPerStatusLists(readOne, clock),
    log,
  });

  return {
    list: async (wanted) => {
      if ([wanted.externalId, wanted.orgId, wanted.subpartner].some(isTooLong))
        return { ...EMPTY_PAGE, readAt: clock() };
      const query = { ...wanted, statuses: [...new Set(wanted.statuses)] };
      const read = query.statuses.length > 1 ? readMultiStatus : readAny;
      const { customers, hasMore, unreadable } = checked(await read(query), query);
      return { customers, hasMore, unreadable, readAt: clock() };
    },
    get: async (id, { scope }) => {
      if (isNoId(id) || isTooLong(id)) return undefined;
      const response = await request(customerWithLicensesCall(id, scope));
      if (response.status === 404) return undefined;
      if (response.status >= 300) throw failureOf(response);
      const json = response.json();
      return { customer: readCustomer(json), licenses: readLicenses(json), readAt: clock() };
    },
    subscribers: async (query, scope) => {
      if (isTooLong(query.email) || isTooLong(query.customerId)) return { ...NO_SUBSCRIBERS, readAt: clock() };
      return { ...(await readSubscribers(request, query, scope)), readAt: clock() };
    },
  };
}

const NO_SUBSCRIBERS = { subscribers: [], hasMore: false, unreadable: 0 } as const;
const EMPTY_PAGE = { customers: [], hasMore: false, unreadable: 0 } as const;

/** Empty or a part of a path, or half of a character (an unpaired surrogate), which no URL can hold. */
const isNoId = (id: string): boolean => /^\.*$|\p{Cs}/u.test(id);

/** Longer than any id and too long for a URL. */
function isTooLong(id: string | undefined): boolean {
  return id !== undefined && id.length > 512;
}

function filtersOf({ externalId, orgId, statuses }: ListQuery): readonly string[] {
  return Object.entries({ externalId, orgId, status: statuses[0] }).flatMap(([name, value]) => (value ? [name] : []));
}
