/**
 * A scope is what one walk over the list API covers: everything that the token sees (`""`), or one sub-partner of it, by its
 * organisation id (ALERTS 1).
 */
export type Scope = string;

export const WHOLE_TOKEN: Scope = "";

/** One reading of every page of a scope. */
export interface Sweep {
  readonly id: number;
  readonly scope: Scope;
  readonly startedAt: number;
  readonly endedAt?: number;
  /**
   * `complete`: every page came and the walk ended normally. `suspect`: complete, but with so few customers that absence means
   * nothing yet (ALERTS 6). `failed`: it did not reach the end; what it read stands, absence means nothing.
   */
  readonly state: "running" | "complete" | "suspect" | "failed";
  /** How many customers it has read so far. */
  readonly customers: number;
  readonly unreadable: number;
  readonly calls: number;
  /** The code of the failure that ended it. */
  readonly cause?: string;
  /** Whether it went on where another process had stopped, so that it cannot tell who is absent. */
  readonly resumed: boolean;
}

/** How fresh the snapshot of a scope is. */
export interface SnapshotAge {
  /** The last complete (or suspect) sweep, by its end. */
  readonly completeAt?: number;
  readonly customers: number;
  /** The one that is under way, or the last one that failed. */
  readonly current?: Sweep;
}

/** How many rows a walk asks for at once, and after how many good pages it dares to ask for more again (ALERTS 7). */
const PAGE_ROWS = { most: 100, goodPages: 3 } as const;

/** The size of the next page, and how many of that size came without trouble. */
export interface CrawlPageSize {
  readonly max: number;
  readonly goodPages: number;
}

export const FULL_CRAWL_PAGE_SIZE: CrawlPageSize = { max: PAGE_ROWS.most, goodPages: 0 };

/** @param bore the size that the API could bear just now: less than was asked for means that it had trouble */
export function nextCrawlPageSize({ max, goodPages }: CrawlPageSize, bore: number): CrawlPageSize {
  if (bore < max) return { max: bore, goodPages: 0 };
  if (goodPages + 1 < PAGE_ROWS.goodPages) return { max, goodPages: goodPages + 1 };
  return { max: Math.min(max * 2, PAGE_ROWS.most), goodPages: 0 };
}

/** How many customers earlier sweeps of the scope had: the last complete one, and the suspect ones since, in a row. */
export interface EarlierCounts {
  readonly complete?: number;
  readonly suspect?: number;
}

/**
 * Whether a walk that ended normally may be believed about who is absent (ALERTS 6): not with no customer at all, and not with
 * under half of what there was, unless the suspect sweep before it said the same.
 */
export function evaluateSweep(customers: number, { complete = 0, suspect }: EarlierCounts): "complete" | "suspect" {
  const doubtful = customers === 0 || customers < complete / 2;
  if (!doubtful) return "complete";
  const agreed = suspect !== undefined && customers >= suspect / 2 && suspect >= customers / 2;
  return agreed ? "complete" : "suspect";
}

/** When this process is to sweep a scope, and what it knows of its own last one. */
export interface SweepTurn {
  readonly dueAt: number;
  /** When its own last sweep ended. */
  readonly endedAt?: number;
}

/** When to sweep after all, because another instance has done so lately; undefined when none has. */
export function dueAfterOtherInstance(
  turn: SweepTurn,
  { completeAt }: SnapshotAge,
  { now, everyMs }: { readonly now: number; readonly everyMs: number },
): number | undefined {
  if (completeAt === undefined || completeAt === turn.endedAt || completeAt + everyMs <= now) return undefined;
  return completeAt + everyMs;
}
