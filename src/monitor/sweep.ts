import type { Reading } from "../domain/alerts/lifecycle.ts";
import { type EarlierCounts, evaluateSweep, type Scope, type Sweep } from "../domain/customers/sweep.ts";
import type { Outbox } from "../domain/ports/alerting.ts";
import type { Log } from "../domain/ports/runtime.ts";
import type { Fence, Snapshot, SnapshotWriter } from "../domain/ports/snapshot.ts";
import type { CrawlPage, WholesaleCrawler } from "../domain/ports/wholesale.ts";
import { Failure } from "../errors.ts";
import { isFenced, type LeaseDeps, withLease } from "./lease.ts";
import { lookUpCustomers } from "./look-up.ts";
import { pagesOf } from "./pages.ts";

export interface SweepDeps extends LeaseDeps {
  readonly crawl: WholesaleCrawler;
  readonly writer: SnapshotWriter;
  readonly snapshot: Snapshot;
  readonly outbox: Pick<Outbox, "recordReadFailure">;
  readonly log: Log;
}

export interface SweepResult {
  readonly state: "complete" | "suspect" | "failed" | "interrupted";
  readonly customers: number;
  readonly endedAt: number;
}

export interface SweepInput {
  readonly scope: Scope;
  readonly signal: AbortSignal;
  /** The counts of earlier sweeps of this process; a missing count is read from the snapshot. */
  readonly earlier?: EarlierCounts;
  /** For how long no process had read the scope before this one began (ALERTS 16). */
  readonly awayMs?: number | undefined;
}

/**
 * Reads every page of a scope into the snapshot (ALERTS 4, 6, 7). Failures of the API are logged and recorded, not thrown. When
 * the signal stops it, the next sweep continues from its last page. Undefined when another process sweeps the scope.
 */
export function sweepOnce(
  deps: SweepDeps,
  { scope, signal, earlier = {}, awayMs }: SweepInput,
): Promise<SweepResult | undefined> {
  return withLease(deps, { scope, signal }, async (fence, signal) => {
    const run = await begin({ ...deps, awayMs, fence, signal });
    try {
      await readPages(run);
      return await end(run, earlier);
    } catch (error) {
      const cause = signal.aborted ? signal.reason : error;
      const isInterrupted = signal.aborted || isFenced(cause);
      return isInterrupted ? { state: "interrupted", ...countsNow(run) } : await fail(run, cause);
    }
  });
}

interface RunDeps extends SweepDeps {
  readonly awayMs: number | undefined;
  readonly fence: Fence;
  readonly signal: AbortSignal;
}

interface SweepRun extends RunDeps {
  readonly resumeAt: number;
  /** The count of the last complete sweep that the snapshot holds. */
  readonly stored: EarlierCounts;
  readonly reading: Reading;
  readonly startedAt: number;
  /** The ids of the customers read by this process. */
  readonly seen: Set<string>;
  sweep: Sweep;
  changed: number;
}

async function begin(deps: RunDeps): Promise<SweepRun> {
  const { writer, snapshot, clock, fence, awayMs } = deps;
  const { completeAt, customers } = await snapshot.age(fence.scope);
  const { sweep, resumeAt } = await writer.beginSweep(fence, clock(), awayMs);
  return {
    ...deps,
    resumeAt,
    stored: completeAt === undefined ? {} : { complete: customers },
    reading: { id: sweep.startedAt, kind: "page" },
    startedAt: clock(),
    seen: new Set(),
    sweep,
    changed: 0,
  };
}

async function readPages(run: SweepRun): Promise<void> {
  const { crawl, writer, fence, signal, resumeAt, reading, seen, awayMs, clock } = run;
  for await (const page of pagesOf({ crawl, scope: fence.scope, signal }, { offset: resumeAt })) {
    const { customers } = page;
    run.sweep = withPage(run.sweep, page, seen);
    const late = awayMs === undefined ? {} : { awayMs };
    const recorded = { customers, at: clock(), sweep: run.sweep, reading, ...late };
    run.changed += (await writer.recordPage(recorded, fence)).length;
  }
}

function withPage(sweep: Sweep, { customers, unreadable, calls }: CrawlPage, seen: Set<string>): Sweep {
  const before = seen.size;
  for (const { id } of customers) seen.add(id);
  return {
    ...sweep,
    customers: sweep.customers + seen.size - before,
    unreadable: sweep.unreadable + unreadable,
    calls: sweep.calls + calls,
  };
}

/** The number of absent customers that are looked up after one sweep: it must end before the next one is due (ALERTS 14). */
const MAX_LOOKUPS = 300;

async function end(run: SweepRun, earlier: EarlierCounts): Promise<SweepResult> {
  const { writer, fence, awayMs, seen, log } = run;
  const state = evaluateSweep(run.sweep.customers, { ...run.stored, ...earlier });
  const counts = countsNow(run);
  run.sweep = { ...run.sweep, state, endedAt: counts.endedAt };
  // A continued sweep did not see its first pages, so it decides nothing about absent customers (ALERTS 4).
  const { absentTwice, itemsAbsentTwice } = await writer.endSweep(
    run.sweep,
    run.sweep.resumed ? undefined : seen,
    fence,
    awayMs,
  );
  const absent = [...new Set([...absentTwice, ...itemsAbsentTwice])];
  if (state === "complete") await lookUpAbsent(run, absent.slice(0, MAX_LOOKUPS));
  log.info(`sweep.${state}`, logFields(run));
  return { state, ...counts };
}

/** A failure here does not fail the sweep: the next sweep finds the same customers absent. */
async function lookUpAbsent(run: SweepRun, ids: readonly string[]): Promise<void> {
  try {
    const found = await lookUpCustomers(run, ids, { id: run.clock(), kind: "lookup" });
    run.changed += found.changed;
    run.sweep = { ...run.sweep, calls: run.sweep.calls + found.calls };
  } catch (error) {
    if (!(error instanceof Failure) || isFenced(error)) throw error;
    run.log.warn("lookup.failed", { ...scopeField(run), cause: error.code, error });
  }
}

async function fail(run: SweepRun, error: unknown): Promise<SweepResult> {
  const { writer, fence, log } = run;
  const counts = countsNow(run);
  const cause = error instanceof Failure ? error.code : "unknown";
  log.warn("sweep.failed", { ...logFields(run), cause, error });
  await recordReadFailure(run, fence.scope, error);
  if (run.sweep.state === "running") {
    await writer.endSweep({ ...run.sweep, state: "failed", endedAt: counts.endedAt, cause }, undefined, fence);
  }
  return { state: "failed", ...counts };
}

/** Records that the scope cannot be read, which may begin an outage (ALERTS 31). */
export async function recordReadFailure(
  { outbox, clock }: Pick<SweepDeps, "outbox" | "clock">,
  scope: Scope,
  error: unknown,
): Promise<void> {
  if (!(error instanceof Failure) || !/^(?:wholesale|http)\./.test(error.code)) return;
  const isUnauthorized = error.code === "wholesale.unauthorized" || error.code === "wholesale.forbidden";
  await outbox.recordReadFailure(scope, { cause: error.code, isUnauthorized }, clock());
}

function countsNow({ sweep, clock }: SweepRun): Omit<SweepResult, "state"> {
  return { customers: sweep.customers, endedAt: clock() };
}

function logFields(run: SweepRun): Record<string, unknown> {
  const { customers, unreadable, calls, resumed } = run.sweep;
  return {
    ...scopeField(run),
    customers,
    unreadable,
    calls,
    ms: run.clock() - run.startedAt,
    changed: run.changed,
    ...(resumed && { resumed: true }),
  };
}

function scopeField({ fence: { scope } }: SweepRun): { readonly scope?: string } {
  return scope === "" ? {} : { scope };
}
