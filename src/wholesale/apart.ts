import type { ListQuery } from "../domain/customers/page.ts";
import type { Clock } from "../domain/ports.ts";
import { createExtents, type Extents } from "./extents.ts";
import { joined, type ReadStretch, type Stretch } from "./stretch.ts";

interface ListDeps {
  readonly readOne: ReadStretch;
  readonly extents: Extents;
}

/** Rows a call while looking for the end of a list. */
const PROBE = 50;

/** What one list adds to a page: some rows, or none because the page begins behind it. */
interface Share extends Stretch {
  /** How many rows before the page's first one lie in this list. */
  readonly passed: number;
}

/** Answers a question with several statuses by one list a status, laid end to end in the order asked. */
export function createApart(readOne: ReadStretch, clock: Clock): ReadStretch {
  const deps = { readOne, extents: createExtents(clock) };
  return async (query) => {
    const shares: Share[] = [];
    let { offset, max } = query;
    for (const status of query.statuses) {
      const list = { ...query, statuses: [status], offset, max };
      const share = max > 0 ? await readShare(deps, list) : await glance(deps, list);
      shares.push(share);
      offset -= share.passed;
      max -= share.rows;
      if (share.hasMore) break;
    }
    return { ...joined(shares), hasMore: shares.at(-1)?.hasMore ?? false };
  };
}

async function readShare(deps: ListDeps, list: ListQuery): Promise<Share> {
  const known = deps.extents.of(list);
  if (known?.ended && list.offset > 0 && list.offset >= known.rows) return nothing(known.rows);
  const stretch = await deps.readOne(list);
  if (stretch.rows > 0 || list.offset === 0) {
    deps.extents.learn(list, stretch);
    return { ...stretch, passed: list.offset };
  }
  const length = list.offset === known?.rows ? known.rows : await findLength(deps.readOne, list);
  deps.extents.end(list, length);
  return nothing(length);
}

/** The page is full: all that matters of this list is whether it has a row. */
async function glance({ readOne, extents }: ListDeps, list: ListQuery): Promise<Share> {
  if ((extents.of(list)?.rows ?? 0) > 0) return { ...nothing(0), hasMore: true };
  const start = { ...list, offset: 0, max: 1 };
  const stretch = await readOne(start);
  extents.learn(start, stretch);
  return { ...nothing(0), hasMore: stretch.rows > 0 };
}

function nothing(passed: number): Share {
  return { customers: [], unreadable: 0, rows: 0, hasMore: false, passed };
}

/** The length of a list that has no row at its offset: the end is looked for by halves. */
async function findLength(readOne: ReadStretch, list: ListQuery): Promise<number> {
  let low = 0;
  let high = list.offset;
  while (low < high) {
    const offset = Math.floor((low + high) / 2);
    const { rows, hasMore } = await readOne({ ...list, offset, max: Math.min(PROBE, high - offset) });
    if (rows === 0) high = offset;
    else low = offset + rows;
    if (rows > 0 && !hasMore) break;
  }
  return low;
}
