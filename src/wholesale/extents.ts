import type { ListQuery } from "../domain/customers/list-query.ts";
import type { Clock } from "../domain/ports/messaging.ts";
import type { ListRows } from "./stretch.ts";

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
