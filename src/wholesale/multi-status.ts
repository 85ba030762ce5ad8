import type { ListQuery } from "../domain/customers/list-query.ts";
import type { Clock, FaultLog } from "../domain/ports/runtime.ts";
import { Failure } from "../errors.ts";
import { joinRows, type ListRows, type ReadListRows } from "./list-rows.ts";

interface ListDeps {
  readonly readOne: ReadListRows;
  readonly lengths: ListLengths;
}

/** Rows per call in the search for the end of a list. */
const PROBE_ROWS = 50;

/** The part of a page that one list gives: some rows, or none because the page begins after its end. */
interface StatusRows extends ListRows {
  /** The number of rows of this list before the page begins. */
  readonly skipped: number;
}

/** Reads a query with several statuses as one list per status, joined in the order of the statuses. */
export function createPerStatusLists(readOne: ReadListRows, clock: Clock): ReadListRows {
  const deps = { readOne, lengths: createListLengths(clock) };
  return async (query) => {
    const parts: StatusRows[] = [];
    let { offset, max } = query;
    for (const status of query.statuses) {
      const list = { ...query, statuses: [status], offset, max };
      const part = max > 0 ? await readStatusRows(deps, list) : await probeForMore(deps, list);
      parts.push(part);
      offset -= part.skipped;
      max -= part.rows;
      if (part.hasMore) break;
    }
    return { ...joinRows(parts), hasMore: parts.at(-1)?.hasMore ?? false };
  };
}

async function readStatusRows(deps: ListDeps, list: ListQuery): Promise<StatusRows> {
  const known = deps.lengths.get(list);
  if (known?.isExact && list.offset > 0 && list.offset >= known.rows) return noRows(known.rows);
  const read = await deps.readOne(list);
  if (read.rows > 0 || list.offset === 0) {
    deps.lengths.record(list, read);
    return { ...read, skipped: list.offset };
  }
  const length = list.offset === known?.rows ? known.rows : await findLength(deps.readOne, list);
  deps.lengths.recordEnd(list, length);
  return noRows(length);
}

/** The page is full, so only one thing is needed: whether this list has a row. */
async function probeForMore({ readOne, lengths }: ListDeps, list: ListQuery): Promise<StatusRows> {
  if ((lengths.get(list)?.rows ?? 0) > 0) return { ...noRows(0), hasMore: true };
  const start = { ...list, offset: 0, max: 1 };
  const read = await readOne(start);
  lengths.record(start, read);
  return { ...noRows(0), hasMore: read.rows > 0 };
}

function noRows(skipped: number): StatusRows {
  return { customers: [], unreadable: 0, rows: 0, hasMore: false, skipped };
}

/** The length of a list that has no row at its offset, by binary search. */
async function findLength(readOne: ReadListRows, list: ListQuery): Promise<number> {
  let low = 0;
  let high = list.offset;
  while (low < high) {
    const offset = Math.floor((low + high) / 2);
    const { rows, hasMore } = await readOne({ ...list, offset, max: Math.min(PROBE_ROWS, high - offset) });
    if (rows === 0) high = offset;
    else low = offset + rows;
    if (rows > 0 && !hasMore) break;
  }
  return low;
}

/** The length of a list: exact if its end was reached, otherwise a minimum. */
export interface ListLength {
  readonly rows: number;
  readonly isExact: boolean;
}

export interface ListLengths {
  get(list: ListQuery): ListLength | undefined;
  /** Records rows that were read from `list.offset` on; none means that the list is empty. */
  record(list: ListQuery, read: ListRows): void;
  recordEnd(list: ListQuery, rows: number): void;
}

/** While a person pages through an answer, lengths must not change, or rows would repeat or be skipped. */
const TTL_MS = 5 * 60_000;
const MAX_LISTS = 500;

export function createListLengths(clock: Clock): ListLengths {
  const lengths = new Map<string, ListLength & { readonly until: number }>();

  const get = (list: ListQuery): ListLength | undefined => {
    const length = lengths.get(listKey(list));
    return length && length.until > clock() ? length : undefined;
  };

  const set = (list: ListQuery, length: ListLength): void => {
    const key = listKey(list);
    lengths.delete(key);
    lengths.set(key, { ...length, until: clock() + TTL_MS });
    const [oldest] = lengths.keys();
    if (lengths.size > MAX_LISTS && oldest !== undefined) lengths.delete(oldest);
  };

  const record = (list: ListQuery, { rows, hasMore }: ListRows): void => {
    const known = get(list)?.rows ?? 0;
    const reached = list.offset + rows;
    if (!hasMore || reached > known) set(list, { rows: reached, isExact: !hasMore });
  };

  return { get, record, recordEnd: (list, rows) => set(list, { rows, isExact: true }) };
}

function listKey({ externalId, orgId, statuses, subpartner }: ListQuery): string {
  return JSON.stringify([externalId, orgId, statuses, subpartner]);
}

export interface MultiStatusDeps {
  /** Requests all statuses in one call and returns the rows unchecked. */
  readonly inOneCall: ReadListRows;
  readonly perStatus: ReadListRows;
  readonly log: FaultLog;
}

/** Failures that have nothing to do with the form of the query. */
const UNRELATED = ["wholesale.unauthorized", "wholesale.forbidden", "wholesale.busy", "wholesale.locked"];

/**
 * Reads queries with several statuses. The API does not document their form, so the first such query tries a repeated
 * parameter; it is used from then on only if the returned rows prove that it works.
 */
export function createMultiStatus({ inOneCall, perStatus, log }: MultiStatusDeps): ReadListRows {
  /** True if a repeated parameter works; undefined after a trial that failed and must be repeated. */
  let worksTogether: Promise<boolean | undefined> | undefined;

  const readFirst = async (query: ListQuery): Promise<ListRows> => {
    const trial = tryInOneCall(inOneCall, query);
    worksTogether = trial.then(
      (rows) => rows !== undefined,
      () => {
        worksTogether = undefined;
        return undefined;
      },
    );
    const rows = await trial;
    log.info("wholesale.multi_status", { together: rows !== undefined });
    return rows ?? perStatus(query);
  };

  const read: ReadListRows = async (query) => {
    if (worksTogether === undefined) return readFirst(query);
    const works = await worksTogether;
    if (works === undefined) return read(query);
    if (!works) return perStatus(query);
    const rows = await inOneCall(query);
    const dropped = countUnrequested(rows, query);
    if (dropped === 0) return rows;
    log.failing("wholesale.filter_ignored", { filter: ["statuses"], dropped });
    worksTogether = Promise.resolve(false);
    return perStatus(query);
  };
  return read;
}

/**
 * The rows, if they prove that the filter works: at least two of the wanted statuses, no other status, and not the same rows as
 * without a filter. Undefined otherwise.
 */
async function tryInOneCall(together: ReadListRows, query: ListQuery): Promise<ListRows | undefined> {
  try {
    const rows = await together(query);
    const seen = new Set(rows.customers.map(({ status }) => status));
    if (seen.size < 2 || countUnrequested(rows, query) > 0) return undefined;
    return hasSameRows(rows, await together({ ...query, statuses: [] })) ? undefined : rows;
  } catch (error) {
    const isRejected =
      error instanceof Failure && error.code.startsWith("wholesale.") && !UNRELATED.includes(error.code);
    if (isRejected) return undefined;
    throw error;
  }
}

function hasSameRows(one: ListRows, other: ListRows): boolean {
  const ids = ({ customers }: ListRows) => customers.map(({ id }) => id).join("\n");
  return ids(one) === ids(other);
}

function countUnrequested(rows: ListRows, query: ListQuery): number {
  return rows.customers.filter(({ status }) => !query.statuses.includes(status)).length;
}
