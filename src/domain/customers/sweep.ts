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
