import type { Reading } from "../alerts/lifecycle.ts";
import type { Filter } from "../customers/filter.ts";
import type { AbsenceSample } from "../customers/list-doubt.ts";
import type { CustomerRecord } from "../customers/record.ts";
import type { Scope, SnapshotAge, Sweep } from "../customers/sweep.ts";
import type { Transition } from "../customers/transition.ts";
import type { OrganisationName, ReceivedCustomer } from "./wholesale.ts";

/** Times are epoch milliseconds. */

/**
 * The right to write the snapshot of a scope: a lease whose epoch grows with each new holder. A write with an old fence throws
 * the `Failure` `store.fenced`, so that the writes of two sweepers never mix.
 */
export interface Fence {
  readonly scope: Scope;
  readonly holder: string;
  readonly epoch: number;
}

export interface Leases {
  /** Undefined when another holder has the lease. */
  acquire(scope: Scope, holder: string, now: number, leaseMs: number): Promise<Fence | undefined>;
  /** False when the lease was lost. */
  renew(fence: Fence, now: number, leaseMs: number): Promise<boolean>;
  release(fence: Fence): Promise<void>;
}

/** Written by sweeps and quick polls. Each call is one transaction, and only changes are written. */
export interface SnapshotWriter {
  /**
   * Begins a sweep, or continues one that another process left, from the offset `resumeAt`.
   * @param awayMs how long nobody had read the scope before; after more than 6 h a catch-up is enqueued (ALERTS 16)
   */
  beginSweep(fence: Fence, now: number, awayMs?: number): Promise<{ readonly sweep: Sweep; readonly resumeAt: number }>;
  /**
   * Writes one page: customers, packages, codes, history, the alerts that open and their notices (ALERTS 25).
   */
  recordPage(page: PageToRecord, fence: Fence): Promise<PageRecorded>;
  /**
   * Ends a sweep. One that would be `complete` is `suspect` instead if its list is not believed, which begins an outage
   * (ALERTS 6, 31). A complete one also heals and closes alerts, ends an outage, counts absences and writes the counts of the day
   * (ALERTS 5).
   */
  endSweep(sweep: Sweep, end: SweepEnd, fence: Fence): Promise<SweepEnded>;
  /** The stored customers that a sweep did not see. */
  findAbsence(sweep: Pick<Sweep, "scope" | "startedAt">, seen: ReadonlySet<string>): Promise<Absence>;
  /** Ends a quick poll that did not fail: the alerts of the customers in `seen` heal and close (ALERTS 5). */
  endQuickPoll(
    poll: { readonly reading: Reading; readonly at: number; readonly seen: ReadonlySet<string> },
    fence: Fence,
  ): Promise<void>;
  /** Removes customers that are certainly gone; their history stays. */
  remove(customerIds: readonly string[], now: number, fence: Fence): Promise<readonly Transition[]>;
  /** The names of organisations, also for customers that come later; undefined for one that has none. */
  saveNames(names: readonly OrganisationName[], now: number): Promise<void>;
  /** Deletes history older than 400 days and sweeps older than 30 days; returns the number of rows. */
  tidy(now: number): Promise<number>;
}

export interface PageToRecord {
  readonly customers: readonly ReceivedCustomer[];
  readonly at: number;
  /** The progress of the sweep; absent for a quick poll. */
  readonly sweep?: Sweep;
  readonly reading: Reading;
  /** How long nobody had read the scope before this process began; absent after its first complete sweep (ALERTS 16). */
  readonly awayMs?: number;
}

export interface PageRecorded {
  readonly transitions: readonly Transition[];
  /** The number of customers that were not stored before. */
  readonly added: number;
}

export interface SweepEnd {
  /** The ids of all customers that the sweep read, by list or by id; absent when another process read its first pages. */
  readonly seen?: ReadonlySet<string> | undefined;
  /** Absent for a failed sweep: its list is not evaluated. */
  readonly sample?: AbsenceSample | undefined;
  /** How long nobody had read the scope before (ALERTS 16). */
  readonly awayMs?: number | undefined;
}

/** The stored customers that a sweep concerns. */
export interface Absence {
  /** The number of customers that were known before: those of the last complete sweep (ALERTS 6). */
  readonly known: number;
  readonly missed: readonly { readonly rowId: number; readonly id: string; readonly isKnown: boolean }[];
  /** The rows of customers that an earlier sweep missed. */
  readonly returned: readonly number[];
}

export interface SweepEnded extends AbsenceFound {
  readonly state: Sweep["state"];
}

export interface AbsenceFound {
  /** Customers absent from two complete sweeps in a row, to be looked up by id before they are removed (ALERTS 14). */
  readonly absentTwice: readonly string[];
  /** Customers without an item that has an alert, in two complete sweeps in a row, to be looked up as well. */
  readonly itemsAbsentTwice: readonly string[];
}

/** Read by commands. `since=2h` in a filter counts back from `now`. */
export interface Snapshot {
  age(scope: Scope): Promise<SnapshotAge>;
  /** @param query.sort a sort field, with `-` in front for descending order; the title when absent */
  find(
    scope: Scope,
    query: SnapshotQuery,
  ): Promise<{ readonly records: readonly CustomerRecord[]; readonly total: number }>;
  /** Every customer with this API id, else with this external id, else with this organisation id. */
  get(scope: Scope, anyId: string): Promise<readonly CustomerRecord[]>;
  /** How many customers of the whole token match none of these filters, each of customers of its scope. */
  countUnmatched(filters: readonly ScopedFilter[], now: number): Promise<number>;
  /** How many packages and customers have this code now. */
  codeCount(scope: Scope, code: number): Promise<CodeCount>;
  summary(scope: Scope, filter: Filter, now: number): Promise<SnapshotSummary>;
  /** Newest first. */
  history(scope: Scope, query: HistoryQuery): Promise<readonly Transition[]>;
  /** The customers by status at the end of each of the last days (UTC), oldest first, without days that have no complete sweep. */
  trend(scope: Scope, days: number, now: number): Promise<readonly TrendDay[]>;
  /** All matching records, read page by page without one long transaction. */
  stream(scope: Scope, query: Omit<SnapshotQuery, "offset" | "max">): AsyncIterable<CustomerRecord>;
  /**
   * The ids of customers with a BAD item (ALERTS 2) or an open or flapping alert, which quick polls must read (5), those with the
   * oldest alerts first.
   */
  unhealthy(scope: Scope): Promise<readonly string[]>;
  /** The ids of organisations whose name was not read since `notBefore`; those of unhealthy customers first. */
  namesDue(scope: Scope, notBefore: number, max: number): Promise<readonly string[]>;
}

export interface ScopedFilter {
  readonly scope: Scope;
  readonly filter: Filter;
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
  /** The packages of each name, by class. */
  readonly byPackage: readonly {
    readonly name: string;
    readonly bad: number;
    readonly moving: number;
    readonly good: number;
  }[];
  /** The 20 most frequent error and warning codes, most customers first. */
  readonly byCode: readonly CustomerCount[];
}

export interface CodeCount {
  /** Add-ons count as packages. */
  readonly packages: number;
  /** The customers of the packages, and those that have it themselves. */
  readonly customers: number;
}

export interface CustomerCount {
  /** A status or a code. */
  readonly value: string;
  readonly customers: number;
}

export interface TrendDay {
  /** `2026-11-23` */
  readonly day: string;
  readonly byStatus: readonly CustomerCount[];
}
