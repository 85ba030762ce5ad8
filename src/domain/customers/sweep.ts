/** The customers of one crawl: all that the token sees (`""`), or those of one sub-partner, by organisation id (ALERTS 1). */
export type Scope = string;

export const WHOLE_TOKEN: Scope = "";

/** One reading of every page of a scope (ALERTS 4). */
export interface Sweep {
  readonly id: number;
  readonly scope: Scope;
  readonly startedAt: number;
  readonly endedAt?: number;
  /**
   * `complete`: every page came and the list ended normally. `suspect`: the same, but the list is not believed, so that missing
   * customers do not count as absent (ALERTS 6). `failed`: it did not reach the end; what it read is kept, and nothing is absent.
   */
  readonly state: "running" | "complete" | "suspect" | "failed";
  /** The number of customers that it has read so far. */
  readonly customers: number;
  readonly unreadable: number;
  readonly calls: number;
  /** The code of the failure that ended it. */
  readonly cause?: string;
  /** True if it continues the sweep of another process, so that it cannot tell which customers are absent. */
  readonly resumed: boolean;
}

/** How fresh the snapshot of a scope is. */
export interface SnapshotAge {
  /** When the last complete sweep ended. */
  readonly completeAt?: number;
  /** The number of customers that it listed. */
  readonly listed?: number;
  /** The number of stored customers, with those that only an incomplete sweep or a quick poll has listed. */
  readonly customers: number;
  /** The running sweep, or the last one if it failed or was suspect. */
  readonly current?: Sweep;
}

/** The largest page of a crawl, and the number of good pages after which the page size doubles again (ALERTS 7). */
export const PAGE_ROWS = { most: 100, goodPages: 3 } as const;

/** The size of the next page, and the number of pages of that size that came without a timeout. */
export interface CrawlPageSize {
  readonly max: number;
  readonly goodPages: number;
}

export const FULL_CRAWL_PAGE_SIZE: CrawlPageSize = { max: PAGE_ROWS.most, goodPages: 0 };

/** @param answered the page size that the API answered; less than `max` after a timeout */
export function nextCrawlPageSize({ max, goodPages }: CrawlPageSize, answered: number): CrawlPageSize {
  if (answered < max) return { max: answered, goodPages: 0 };
  if (goodPages + 1 < PAGE_ROWS.goodPages) return { max, goodPages: goodPages + 1 };
  return { max: Math.min(max * 2, PAGE_ROWS.most), goodPages: 0 };
}

/** When this process sweeps a scope next, and when its own last sweep ended. */
export interface SweepTurn {
  readonly dueAt: number;
  readonly endedAt?: number;
}

/** When to sweep instead, because another instance completed a sweep recently; undefined when none has. */
export function dueAfterOtherInstance(
  turn: SweepTurn,
  { completeAt }: SnapshotAge,
  { now, everyMs }: { readonly now: number; readonly everyMs: number },
): number | undefined {
  if (completeAt === undefined || completeAt === turn.endedAt || completeAt + everyMs <= now) return undefined;
  return completeAt + everyMs;
}
