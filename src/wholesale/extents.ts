import type { ListQuery } from "../domain/customers/page.ts";
import type { Clock } from "../domain/ports.ts";
import type { Stretch } from "./stretch.ts";

/** What is known of a list's length: that it has so many rows at least, or, when its end was reached, exactly. */
export interface Extent {
  readonly rows: number;
  readonly ended: boolean;
}

/** Remembers how far lists were read. */
export interface Extents {
  of(list: ListQuery): Extent | undefined;
  /** Learns from what was read from `list.offset` on: rows, or that the whole list is empty. */
  learn(list: ListQuery, stretch: Stretch): void;
  end(list: ListQuery, rows: number): void;
}

/** As long as somebody pages through an answer, its lists keep their lengths: else rows would repeat or be skipped. */
const LIFE_MS = 5 * 60_000;
const MOST = 500;

export function createExtents(clock: Clock): Extents {
  const extents = new Map<string, Extent & { readonly until: number }>();

  const of = (list: ListQuery): Extent | undefined => {
    const extent = extents.get(keyOf(list));
    return extent && extent.until > clock() ? extent : undefined;
  };

  const note = (list: ListQuery, extent: Extent): void => {
    const key = keyOf(list);
    extents.delete(key);
    extents.set(key, { ...extent, until: clock() + LIFE_MS });
    const [oldest] = extents.keys();
    if (extents.size > MOST && oldest !== undefined) extents.delete(oldest);
  };

  const learn = (list: ListQuery, { rows, hasMore }: Stretch): void => {
    const known = of(list)?.rows ?? 0;
    const reached = list.offset + rows;
    if (!hasMore || reached > known) note(list, { rows: reached, ended: !hasMore });
  };

  return { of, learn, end: (list, rows) => note(list, { rows, ended: true }) };
}

function keyOf({ externalId, orgId, statuses, subpartner }: ListQuery): string {
  return JSON.stringify([externalId, orgId, statuses, subpartner]);
}
