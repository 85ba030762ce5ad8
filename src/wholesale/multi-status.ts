import type { ListQuery } from "../domain/customers/list-query.ts";
import type { Clock, Log } from "../domain/ports/runtime.ts";
import { Failure } from "../errors.ts";
import { joinRows, type ListRows, type ReadListRows } from "./list-rows.ts";

interface ListDeps {
  readonly readOne: ReadListRows;
  readonly lengths: ListLengths;
}

/** Rows a call while looking for the end of a list. */
const PROBE_ROWS = 50;

/** What one list adds to a page: some rows, or none because the page begins behind it. */
interface StatusRows extends ListRows {
  /** How many rows before the page's first one lie in this list. */
  readonly skipped: number;
}

/** Answers a question with several statuses by one list a status, laid end to end in the order asked. */
export function createPerStatusLists(readOne: ReadListRows, clock: Clock): ReadListRows {
  const deps = { readOne, lengths: createListLengths(clock) };
  return async (query) => {
    const shares: StatusRows[] = [];
    let { offset, max } = query;
    for (const status of query.statuses) {
      const list = { ...query, statuses: [status], offset, max };
      const share = max > 0 ? await readStatusRows(deps, list) : await probeForMore(deps, list);
      shares.push(share);
      offset -= share.skipped;
      max -= share.rows;
      if (share.hasMore) break;
    }
    return { ...joinRows(shares), hasMore: shares.at(-1)?.hasMore ?? false };
  };
}

async function readStatusRows(deps: ListDeps, list: ListQuery): Promise<StatusRows> {
  const known = deps.lengths.get(list);
  if (known?.isExact && list.offset > 0 && list.offset >= known.rows) return noRows(known.rows);
  const stretch = await deps.readOne(list);
  if (stretch.rows > 0 || list.offset === 0) {
    deps.lengths.record(list, stretch);
    return { ...stretch, skipped: list.offset };
  }
  const length = list.offset === known?.rows ? known.rows : await findLength(deps.readOne, list);
  deps.lengths.recordEnd(list, length);
  return noRows(length);
}

/** The page is full: all that matters of this list is whether it has a row. */
async function probeForMore({ readOne, lengths }: ListDeps, list: ListQuery): Promise<StatusRows> {
  if ((lengths.get(list)?.rows ?? 0) > 0) return { ...noRows(0), hasMore: true };
  const start = { ...list, offset: 0, max: 1 };
  const stretch = await readOne(start);
  lengths.record(start, stretch);
  return { ...noRows(0), hasMore: stretch.rows > 0 };
}

function noRows(skipped: number): StatusRows {
  return { customers: [], unreadable: 0, rows: 0, hasMore: false, skipped };
}

/** The length of a list that has no row at its offset: the end is looked for by halves. */
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

/** What is known of a list's length: that it has so many rows at least, or, when its end was reached, exactly. */
export interface ListLength {
  readonly rows: number;
  readonly isExact: boolean;
}

/** Remembers how far lists were read. */
export interface ListLengths {
  get(list: ListQuery): ListLength | undefined;
  /** Learns from what was read from `list.offset` on: rows, or that the whole list is empty. */
  record(list: ListQuery, stretch: ListRows): void;
  recordEnd(list: ListQuery, rows: number): void;
}

/** As long as somebody pages through an answer, its lists keep their lengths: else rows would repeat or be skipped. */
const LIFE_MS = 5 * 60_000;
const MAX_LISTS = 500;

export function createListLengths(clock: Clock): ListLengths {
  const extents = new Map<string, ListLength & { readonly until: number }>();

  const get = (list: ListQuery): ListLength | undefined => {
    const extent = extents.get(listKey(list));
    return extent && extent.until > clock() ? extent : undefined;
  };

  const note = (list: ListQuery, extent: ListLength): void => {
    const key = listKey(list);
    extents.delete(key);
    extents.set(key, { ...extent, until: clock() + LIFE_MS });
    const [oldest] = extents.keys();
    if (extents.size > MAX_LISTS && oldest !== undefined) extents.delete(oldest);
  };

  const record = (list: ListQuery, { rows, hasMore }: ListRows): void => {
    const known = get(list)?.rows ?? 0;
    const reached = list.offset + rows;
    if (!hasMore || reached > known) note(list, { rows: reached, isExact: !hasMore });
  };

  return { get, record, recordEnd: (list, rows) => note(list, { rows, isExact: true }) };
}

function listKey({ externalId, orgId, statuses, subpartner }: ListQuery): string {
  return JSON.stringify([externalId, orgId, statuses, subpartner]);
}

export interface MultiStatusDeps {
  /** Asks for all statuses in one call, and returns the rows unchecked. */
  readonly inOneCall: ReadListRows;
  /** Asks for each status by itself. */
  readonly perStatus: ReadListRows;
  readonly log: Log;
}

/** Failures that say nothing about how several statuses are to be written. */
const UNRELATED = ["wholesale.unauthorized", "wholesale.forbidden", "wholesale.busy"];

/**
 * Answers questions with several statuses. How the API wants them is not documented, so a repeated key is tried once,
 * with the first such question, and used from then on only if the rows that came back prove that it works.
 */
export function createMultiStatus({ inOneCall, perStatus, log }: MultiStatusDeps): ReadListRows {
  /** Whether it works; undefined (in it) when the trial came to nothing and is open again. */
  let verdict: Promise<boolean | undefined> | undefined;

  const begin = async (query: ListQuery): Promise<ListRows> => {
    const trial = tryInOneCall(inOneCall, query);
    verdict = trial.then(
      (stretch) => stretch !== undefined,
      () => {
        verdict = undefined;
        return undefined;
      },
    );
    const stretch = await trial;
    log.info("wholesale.multi_status", { together: stretch !== undefined });
    return stretch ?? perStatus(query);
  };

  const read: ReadListRows = async (query) => {
    if (verdict === undefined) return begin(query);
    const works = await verdict;
    if (works === undefined) return read(query);
    if (!works) return perStatus(query);
    const stretch = await inOneCall(query);
    if (countUnrequested(stretch, query) === 0) return stretch;
    log.warn("wholesale.filter_ignored", { filter: ["statuses"], dropped: countUnrequested(stretch, query) });
    verdict = Promise.resolve(false);
    return perStatus(query);
  };
  return read;
}

/**
 * The answer, if it proves itself: rows of two of the asked statuses at least and of no other, and not just the rows that come
 * when nothing is filtered at all.
 */
async function tryInOneCall(together: ReadListRows, query: ListQuery): Promise<ListRows | undefined> {
  try {
    const stretch = await together(query);
    const seen = new Set(stretch.customers.map(({ status }) => status));
    if (seen.size < 2 || countUnrequested(stretch, query) > 0) return undefined;
    return hasSameRows(stretch, await together({ ...query, statuses: [] })) ? undefined : stretch;
  } catch (error) {
    const refused = error instanceof Failure && error.code.startsWith("wholesale.") && !UNRELATED.includes(error.code);
    if (refused) return undefined;
    throw error;
  }
}

function hasSameRows(one: ListRows, other: ListRows): boolean {
  const ids = ({ customers }: ListRows) => customers.map(({ id }) => id).join("\n");
  return ids(one) === ids(other);
}

function countUnrequested(stretch: ListRows, query: ListQuery): number {
  return stretch.customers.filter(({ status }) => !query.statuses.includes(status)).length;
}
