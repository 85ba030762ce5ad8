import type { Reading } from "../domain/alerts/lifecycle.ts";
import { type AbsenceSample, drawSample, SAMPLE_SIZE } from "../domain/customers/list-doubt.ts";
import type { Scope, SnapshotAge, Sweep } from "../domain/customers/sweep.ts";
import type { Outbox } from "../domain/ports/alerting.ts";
import type { Meter } from "../domain/ports/meter.ts";
import type { FaultLog } from "../domain/ports/runtime.ts";
import type { Fence, Snapshot, SnapshotWriter } from "../domain/ports/snapshot.ts";
import type { CrawlPage, WholesaleCrawler } from "../domain/ports/wholesale.ts";
import { Failure } from "../errors.ts";
import { isFenced, type SharedLeaseDeps, withLease } from "./lease.ts";
import { lookUpCustomers, lookUpSample } from "./look-up.ts";
import { batchesOf, createGrowthCheck, pagesOf } from "./pages.ts";

export interface SweepDeps extends SharedLeaseDeps {
  readonly crawl: WholesaleCrawler;
  readonly writer: SnapshotWriter;
  readonly snapshot: Snapshot;
  readonly outbox: Pick<Outbox, "recordReadFailure">;
  /** From 0 up to 1: which absent customers are looked up. */
  readonly random: () => number;
  /** Overrides how many new customers a list may bring before it counts as one without an end. */
  readonly maxNewCustomers?: number;
  readonly meter: Pick<Meter, "sweep">;
  readonly log: FaultLog;
}

export interface SweepResult {
  readonly state: "complete" | "suspect" | "failed" | "interrupted";
  readonly customers: number;
  readonly endedAt: number;
  /** The API rejected the token; it is asked again soon (ALERTS 31). */
  readonly isRejected?: boolean;
}

export interface SweepInput {
  readonly scope: Scope;
  readonly signal: AbortSignal;
  /** For how long no process had read the scope before this one began (ALERTS 16). */
  readonly awayMs?: number | undefined;
}

/**
 * Reads every page of a scope into the snapshot (ALERTS 4, 6, 7). Failures of the API are logged and recorded, not thrown. When
 * the signal stops it, the next sweep continues from its last page. Undefined when another process sweeps the scope.
 */
export function sweepOnce(deps: SweepDeps, { scope, signal, awayMs }: SweepInput): Promise<SweepResult | undefined> {
  return withLease(deps, { scope, signal }, async (fence, signal) => {
    const run = await begin({ ...deps, awayMs, fence, signal });
    const result = await readAll(run);
    deps.meter.sweep(result.state, deps.clock() - run.startedAt);
    return result;
  });
}

async function readAll(run: SweepRun): Promise<SweepResult> {
  const { signal } = run;
  try {
    await readPages(run);
    return await end(run);
  } catch (error) {
    const cause = signal.aborted ? signal.reason : error;
    const isInterrupted = signal.aborted || isFenced(cause);
    return isInterrupted ? { state: "interrupted", ...countsNow(run) } : await fail(run, cause);
  }
}

interface RunDeps extends SweepDeps {
  readonly awayMs: number | undefined;
  readonly fence: Fence;
  readonly signal: AbortSignal;
}

interface SweepRun extends RunDeps {
  readonly resumeAt: number;
  readonly before: SnapshotAge;
  readonly reading: Reading;
  readonly startedAt: number;
  /** The ids of the customers read by this process. */
  readonly seen: Set<string>;
  sweep: Sweep;
  /** Pages with rows. */
  pages: number;
  changed: number;
}

async function begin(deps: RunDeps): Promise<SweepRun> {
  const { writer, snapshot, clock, fence, awayMs } = deps;
  const before = await snapshot.age(fence.scope);
  const { sweep, resumeAt } = await writer.beginSweep(fence, clock(), awayMs);
  return {
    ...deps,
    resumeAt,
    before,
    reading: { id: sweep.startedAt, kind: "page" },
    startedAt: clock(),
    seen: new Set(),
    sweep,
    pages: 0,
    changed: 0,
  };
}

async function readPages(run: SweepRun): Promise<void> {
  const { crawl, writer, fence, signal, resumeAt, reading, seen, awayMs, clock, sleep } = run;
  const checkGrowth = createGrowthCheck(run.before, run.maxNewCustomers);
  const pages = pagesOf({ crawl, scope: fence.scope, signal }, { offset: resumeAt });
  for await (const batch of batchesOf(pages, sleep)) {
    for (const page of batch) {
      run.sweep = withPage(run.sweep, page, seen);
      if (page.customers.length + page.unreadable > 0) run.pages += 1;
    }
    const customers = batch.flatMap((page) => page.customers);
    const late = awayMs === undefined ? {} : { awayMs };
    const recorded = { customers, at: clock(), sweep: run.sweep, reading, ...late };
    const { transitions, added } = await writer.recordPage(recorded, fence);
    run.changed += transitions.length;
    checkGrowth(added);
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

async function end(run: SweepRun): Promise<SweepResult> {
  const { writer, fence, awayMs, seen } = run;
  const sample = await sampleAbsent(run);
  const counts = countsNow(run);
  run.sweep = { ...run.sweep, state: "complete", endedAt: counts.endedAt };
  // A continued sweep did not see its first pages, so it decides nothing about absent customers (ALERTS 4).
  const sweepEnd = { ...(!run.sweep.resumed && { seen }), sample, awayMs };
  const { state, absentTwice, itemsAbsentTwice } = await writer.endSweep(run.sweep, sweepEnd, fence);
  if (state === "complete") await lookUpAbsent(run, [...new Set([...absentTwice, ...itemsAbsentTwice])]);
  const isBelieved = state !== "suspect";
  logEnd(run, isBelieved, sample);
  return { state: isBelieved ? "complete" : "suspect", ...counts };
}

function logEnd(run: SweepRun, isBelieved: boolean, sample: AbsenceSample): void {
  const { log, fence } = run;
  const fields = { ...logFields(run), ...(sample.absent > 0 && { sample }) };
  log.working("sweep.failed", fence.scope);
  if (isBelieved) {
    log.working("sweep.suspect", fence.scope);
    log.info("sweep.complete", fields);
  } else log.failing("sweep.suspect", fields, fence.scope);
}

/** Looks up some of the known customers that the list does not have (ALERTS 6). Those that exist count as seen. */
async function sampleAbsent(run: SweepRun): Promise<AbsenceSample> {
  const { writer, sweep, seen, before, random, reading } = run;
  const none = { lookedUp: 0, found: 0, gone: 0, isSinglePage: run.pages <= 1 };
  // A continued sweep can only compare the numbers.
  if (sweep.resumed) {
    const { listed = 0 } = before;
    return { ...none, known: listed, absent: Math.max(0, listed - sweep.customers - sweep.unreadable) };
  }
  const { known, missed } = await writer.findAbsence(sweep, seen);
  const absent = missed.filter(({ isKnown }) => isKnown);
  const ids = drawSample(absent, SAMPLE_SIZE, random).map(({ id }) => id);
  const { found, gone, calls, changed } = await lookUpSample(run, ids, reading);
  for (const id of found) seen.add(id);
  run.sweep = { ...sweep, calls: sweep.calls + calls };
  run.changed += changed;
  return { ...none, known, absent: absent.length, lookedUp: ids.length, found: found.length, gone };
}

/** A failure here does not fail the sweep: the next sweep finds the same customers absent. */
async function lookUpAbsent(run: SweepRun, ids: readonly string[]): Promise<void> {
  try {
    const found = await lookUpCustomers(run, ids.slice(0, MAX_LOOKUPS), { id: run.clock(), kind: "lookup" });
    run.changed += found.changed;
    run.sweep = { ...run.sweep, calls: run.sweep.calls + found.calls };
    run.log.working("lookup.failed", run.fence.scope);
  } catch (error) {
    if (!(error instanceof Failure) || isFenced(error)) throw error;
    run.log.failing("lookup.failed", { ...scopeField(run), cause: error.code, error }, run.fence.scope);
  }
}

async function fail(run: SweepRun, error: unknown): Promise<SweepResult> {
  const { writer, fence, log } = run;
  const counts = countsNow(run);
  const cause = error instanceof Failure ? error.code : "unknown";
  log.failing("sweep.failed", { ...logFields(run), cause, error }, fence.scope);
  await recordReadFailure(run, fence.scope, error);
  if (run.sweep.state === "running") {
    await writer.endSweep({ ...run.sweep, state: "failed", endedAt: counts.endedAt, cause }, {}, fence);
  }
  return { state: "failed", ...counts, isRejected: isRejection(error) };
}

/** Records that the scope cannot be read; from that an outage may follow (ALERTS 31). */
export async function recordReadFailure(
  { outbox, clock }: Pick<SweepDeps, "outbox" | "clock">,
  scope: Scope,
  error: unknown,
): Promise<void> {
  if (!(error instanceof Failure) || !/^(?:wholesale|http)\./.test(error.code)) return;
  await outbox.recordReadFailure(scope, { cause: error.code, isUnauthorized: isRejection(error) }, clock());
}

function isRejection(error: unknown): boolean {
  return error instanceof Failure && (error.code === "wholesale.unauthorized" || error.code === "wholesale.forbidden");
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
