import type { ListQuery } from "../domain/customers/list-query.ts";
import type { Clock } from "../domain/ports/messaging.ts";
import { createListLengths, type ListLengths } from "./extents.ts";
import { joinRows, type ListRows, type ReadListRows } from "./stretch.ts";

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
