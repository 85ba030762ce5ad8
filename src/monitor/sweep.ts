import type { Reading } from "../domain/alerts/lifecycle.ts";
import { type EarlierCounts, evaluateSweep, type Scope, type Sweep } from "../domain/customers/sweep.ts";
import type { Outbox } from "../domain/ports/alerting.ts";
import type { Log } from "../domain/ports/runtime.ts";
import type { Fence, Snapshot, SnapshotWriter } from "../domain/ports/snapshot.ts";
import type { CrawlPage, WholesaleCrawler } from "../domain/ports/wholesale.ts";
import { Failure } from "../errors.ts";
import { isFenced, type LeaseDeps, withLease } from "./lease.ts";
import { lookUpCustomers, pagesOf } from "./pages.ts";

export interface SweepDeps extends LeaseDeps {
  readonly crawl: WholesaleCrawler;
  readonly writer: SnapshotWriter;
  readonly snapshot: Snapshot;
  /** Hears why nothing could be read (ALERTS 31). */
  readonly outbox: Pick<Outbox, "recordReadFailure">;
  readonly log: Log;
}

/** What a sweep came to, for the next one to know. */
export interface SweepResult {
  readonly state: "complete" | "suspect" | "failed" | "interrupted";
  readonly customers: number;
  readonly endedAt: number;
}

export interface SweepInput {
  readonly scope: Scope;
  readonly signal: AbortSignal;
  /** What earlier sweeps of this process had; what the snapshot holds stands in for what is not known. */
  readonly earlier?: EarlierCounts;
  /** For how long nobody had been reading before this process began (ALERTS 16). */
  readonly awayMs?: number | undefined;
}

/** How many missing customers are asked for after one sweep: it must end before the next one is due. */
const MAX_LOOKUPS = 300;

/**
 * Reads every page of a scope into the snapshot (ALERTS 4, 6, 7). It never throws for the world's sake: what went wrong is in
 * the log and in the snapshot. When it is stopped it leaves everything as it is, for the next one to go on with.
 * Undefined when somebody else is at it.
 */
export function sweepOnce(
  deps: SweepDeps,
  { scope, signal, earlier = {}, awayMs }: SweepInput,
): Promise<SweepResult | undefined> {
  return withLease(deps, { scope, signal }, async (fence, signal) => {
    const course = await createSweepRun({ ...deps, awayMs }, fence, signal);
    try {
      await course.read();
      return await course.end(earlier);
    } catch (error) {
      const cause = signal.aborted ? signal.reason : error;
      return signal.aborted || isFenced(cause) ? course.breakOff() : course.fail(cause);
    }
  });
}

/** A sweep under way. */
async function createSweepRun(
  deps: SweepDeps & { readonly awayMs: number | undefined },
  fence: Fence,
  signal: AbortSignal,
) {
  const { crawl, writer, snapshot, clock, log, awayMs } = deps;
  const { scope } = fence;
  const before = await snapshot.age(scope);
  const begun = await writer.beginSweep(fence, clock(), awayMs);
  const reading: Reading = { id: begun.sweep.startedAt, kind: "page" };
  const seen = new Set<string>();
  const startedAt = clock();
  let { sweep } = begun;
  let changed = 0;

  const at = scope === "" ? {} : { scope };
  const tell = (): Record<string, unknown> => ({
    ...at,
    customers: sweep.customers,
    unreadable: sweep.unreadable,
    calls: sweep.calls,
    ms: clock() - startedAt,
    changed,
    ...(sweep.resumed && { resumed: true }),
  });

  const read = async (): Promise<void> => {
    for await (const page of pagesOf({ crawl, scope, signal }, { offset: begun.resumeAt })) {
      sweep = withPage(sweep, page, seen);
      const { customers } = page;
      const late = awayMs === undefined ? {} : { awayMs };
      const taken = await writer.recordPage({ customers, at: clock(), sweep, reading, ...late }, fence);
      changed += taken.length;
    }
  };

  const end = async (earlier: EarlierCounts): Promise<SweepResult> => {
    const held = before.completeAt === undefined ? {} : { complete: before.customers };
    const state = evaluateSweep(sweep.customers, { ...held, ...earlier });
    const endedAt = clock();
    sweep = { ...sweep, state, endedAt };
    const saw = sweep.resumed ? undefined : seen;
    const { absentTwice, itemsAbsentTwice } = await writer.endSweep(sweep, saw, fence, awayMs);
    const missing = [...new Set([...absentTwice, ...itemsAbsentTwice])];
    if (state === "complete") await lookForAbsent(missing.slice(0, MAX_LOOKUPS));
    log.info(`sweep.${state}`, tell());
    return { state, customers: sweep.customers, endedAt };
  };

  /** The sweep stands, whatever becomes of this: the next one says again who is absent. */
  const lookForAbsent = async (ids: readonly string[]): Promise<void> => {
    try {
      const found = await lookUpCustomers({ ...deps, fence, signal }, ids, { id: clock(), kind: "lookup" });
      changed += found.changed;
      sweep = { ...sweep, calls: sweep.calls + found.calls };
    } catch (error) {
      if (!(error instanceof Failure) || isFenced(error)) throw error;
      log.warn("lookup.failed", { ...at, cause: error.code, error });
    }
  };

  const breakOff = (): SweepResult => ({
    state: "interrupted",
    customers: sweep.customers,
    endedAt: clock(),
  });

  const fail = async (error: unknown): Promise<SweepResult> => {
    const endedAt = clock();
    const cause = error instanceof Failure ? error.code : "unknown";
    log.warn("sweep.failed", { ...tell(), cause, error });
    await reportReadFailure(deps, scope, error);
    if (sweep.state === "running") {
      await writer.endSweep({ ...sweep, state: "failed", endedAt, cause }, undefined, fence);
    }
    return { state: "failed", customers: sweep.customers, endedAt };
  };

  return { read, end, breakOff, fail };
}

/** What keeps the bot from seeing is told when it has lasted, or at once where the token was refused (ALERTS 31). */
export async function reportReadFailure(
  { outbox, clock }: Pick<SweepDeps, "outbox" | "clock">,
  scope: Scope,
  error: unknown,
): Promise<void> {
  if (!(error instanceof Failure) || !/^(?:wholesale|http)\./.test(error.code)) return;
  const refused = error.code === "wholesale.unauthorized" || error.code === "wholesale.forbidden";
  await outbox.recordReadFailure(scope, { cause: error.code, refused }, clock());
}

function withPage(sweep: Sweep, { customers, unreadable, calls }: CrawlPage, seen: Set<string>): Sweep {
  const known = seen.size;
  for (const { id } of customers) seen.add(id);
  return {
    ...sweep,
    customers: sweep.customers + seen.size - known,
    unreadable: sweep.unreadable + unreadable,
    calls: sweep.calls + calls,
  };
}
