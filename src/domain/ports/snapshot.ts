import type { Reading } from "../alerts/lifecycle.ts";
import type { Customer } from "../customers/customer.ts";
import type { Filter } from "../customers/filter.ts";
import type { CustomerRecord } from "../customers/record.ts";
import type { Scope, SnapshotAge, Sweep } from "../customers/sweep.ts";
import type { Transition } from "../customers/transition.ts";

/** The ports of the snapshot: what sweeps write, and what questions read. All times are epoch milliseconds. */

/**
 * The right to write a scope's snapshot: a lease whose epoch grows with each new holder. Every write names it and is refused
 * (`Failure` `store.fenced`) when a newer holder exists, so that two sweepers never mix.
 */
export interface Fence {
  readonly scope: Scope;
  readonly holder: string;
  readonly epoch: number;
}

export interface Leases {
  /** The fence when the lease was free, run out, or already this holder's; undefined when somebody else holds it. */
  acquire(scope: Scope, holder: string, now: number, leaseMs: number): Promise<Fence | undefined>;
  /** False when it was lost. */
  renew(fence: Fence, now: number, leaseMs: number): Promise<boolean>;
  release(fence: Fence): Promise<void>;
}

/** What sweeps and looks write. One call is one transaction, and only what changed is written. */
export interface SnapshotWriter {
  /**
   * Begins a sweep, or goes on with one that another process left running: then `resumeAt` is its offset.
   * @param awayMs for how long nobody had been reading before; after more than 6 h, what is found is told at once (ALERTS 16)
   */
  beginSweep(fence: Fence, now: number, awayMs?: number): Promise<{ readonly sweep: Sweep; readonly resumeAt: number }>;
  /**
   * Takes in one page: customers, packages, codes, history, the alerts that open, and what is owed for them (ALERTS 25).
   * `sweep` is its progress, and is absent for a look.
   */
  recordPage(page: PageToRecord, fence: Fence): Promise<readonly Transition[]>;
  /**
   * Ends a sweep; a complete one that saw everything itself also counts who was absent, and keeps the day's tally. A complete
   * one is believed: alerts heal and close by it, and the bot can see again (ALERTS 5, 31).
   */
  endSweep(sweep: Sweep, seen: ReadonlySet<string> | undefined, fence: Fence, awayMs?: number): Promise<AbsenceFound>;
  /** Ends a look that went well: alerts of those it saw heal and close by it (ALERTS 5). */
  endQuickPoll(
    look: { readonly reading: Reading; readonly at: number; readonly seen: ReadonlySet<string> },
    fence: Fence,
  ): Promise<void>;
  /** Customers that are gone for certain: their last transitions are kept, they themselves are not. */
  remove(customerIds: readonly string[], now: number, fence: Fence): Promise<readonly Transition[]>;
  saveName(orgId: string, name: string | undefined, now: number): Promise<void>;
  /** Forgets history older than 400 days and sweeps older than 30; returns rows removed. */
  tidy(now: number): Promise<number>;
}

export interface PageToRecord {
  readonly customers: readonly Customer[];
  readonly at: number;
  readonly sweep?: Sweep;
  readonly reading: Reading;
  /** For how long nobody had been reading before this process began; absent once a sweep of it was complete. */
  readonly awayMs?: number;
}

export interface AbsenceFound {
  /** Absent from two complete, unsuspect sweeps in a row: to be looked up by id before they are removed (ALERTS 14). */
  readonly absentTwice: readonly string[];
  /** Customers that are there, but without an item that has an alert, twice in a row: to be looked up as well. */
  readonly itemsAbsentTwice: readonly string[];
}

/** What questions read. `now` gives `since=2h` its meaning. */
export interface Snapshot {
  age(scope: Scope): Promise<SnapshotAge>;
  /** @param query.sort a sort field, with `-` in front for descending; by title when absent */
  find(
    scope: Scope,
    query: SnapshotQuery,
  ): Promise<{ readonly records: readonly CustomerRecord[]; readonly total: number }>;
  /** By the API's id, else external id, else organisation id; every customer that bears it. */
  get(scope: Scope, anyId: string): Promise<readonly CustomerRecord[]>;
  summary(scope: Scope, filter: Filter, now: number): Promise<SnapshotSummary>;
  /** Newest first. */
  history(scope: Scope, query: HistoryQuery): Promise<readonly Transition[]>;
  /** Customers by status at the end of each of the last days (UTC), oldest first; days without a complete sweep are left out. */
  trend(scope: Scope, days: number, now: number): Promise<readonly TrendDay[]>;
  /** All matching records in the order asked, a page at a time, without holding a transaction open. */
  stream(scope: Scope, query: Omit<SnapshotQuery, "offset" | "max">): AsyncIterable<CustomerRecord>;
  /** The ids of customers that are unwell (a BAD item, ALERTS 2) or have an alert that is open, so that a look can ask for them (5). */
  unhealthy(scope: Scope): Promise<readonly string[]>;
  /** Organisations whose name was not read since `notBefore`. */
  namesDue(scope: Scope, notBefore: number, max: number): Promise<readonly string[]>;
}

export interface SnapshotQuery {
  readonly filter: Filter;
  readonly sort?: string;
  readonly offset: number;
  readonly max: number;
  readonly now: number;
}

export interface HistoryQuery {
  readonly customerId?: string;
  readonly since?: number;
  readonly max: number;
}

export interface SnapshotSummary {
  readonly total: number;
  readonly byStatus: readonly CustomerCount[];
  /** Packages by name, with how many of each are bad, moving and good. */
  readonly byPackage: readonly {
    readonly name: string;
    readonly bad: number;
    readonly moving: number;
    readonly good: number;
  }[];
  /** Error and warning codes by how many customers have them, commonest first, at most 20. */
  readonly byCode: readonly CustomerCount[];
}

export interface CustomerCount {
  readonly key: string;
  readonly customers: number;
}

export interface TrendDay {
  /** `2026-11-23` */
  readonly day: string;
  readonly byStatus: readonly CustomerCount[];
}
