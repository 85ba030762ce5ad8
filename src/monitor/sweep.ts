import type { Outbox } from "../domain/alerting.ts";
import type { Reading } from "../domain/alerts/lifecycle.ts";
import { type Earlier, judge, type Scope, type Sweep } from "../domain/customers/sweep.ts";
import type { Log } from "../domain/ports.ts";
import type { Fence, Snapshot, SnapshotWriter } from "../domain/snapshot.ts";
import type { WalkPage, WholesaleWalk } from "../domain/wholesale.ts";
import { Failure } from "../errors.ts";
import { isFenced, type LeaseDeps, withLease } from "./lease.ts";
import { lookUp } from "./look-up.ts";
import { pagesOf } from "./pages.ts";

export interface SweepDeps extends LeaseDeps {
  readonly walk: WholesaleWalk;
  readonly writer: SnapshotWriter;
  readonly snapshot: Snapshot;
  /** Hears why nothing could be read (ALERTS 31). */
  readonly outbox: Pick<Outbox, "noteTrouble">;
  readonly log: Log;
}

/** What a sweep came to, for the next one to know. */
export interface Swept {
  readonly state: "complete" | "suspect" | "failed" | "broken off";
  readonly customers: number;
  readonly endedAt: number;
}

export interface ToSweep {
  readonly scope: Scope;
  readonly signal: AbortSignal;
  /** What earlier sweeps of this process had; what the snapshot holds stands in for what is not known. */
  readonly earlier?: Earlier;
  /** For how long nobody had been reading before this process began (ALERTS 16). */
  readonly awayMs?: number | undefined;
}

/** How many missing customers are asked for after one sweep: it must end before the next one is due. */
const LOOK_UPS = 300;

/**
 * Reads every page of a scope into the snapshot (ALERTS 4, 6, 7). It never throws for the world's sake: what went wrong is in
 * the log and in the snapshot. When it is stopped it leaves everything as it is, for the next one to go on with.
 * Undefined when somebody else is at it.
 */
export function sweepOnce(
  deps: SweepDeps,
  { scope, signal, earlier = {}, awayMs }: ToSweep,
): Promise<Swept | undefined> {
  return withLease(deps, { scope, signal }, async (fence, signal) => {
    const course = await startCourse({ ...deps, awayMs }, fence, signal);
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
async function startCourse(
  deps: SweepDeps & { readonly awayMs: number | undefined },
  fence: Fence,
  signal: AbortSignal,
) {
  const { walk, writer, snapshot, clock, log, awayMs } = deps;
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
    for await (const page of pagesOf({ walk, scope, signal }, { offset: begun.resumeAt })) {
      sweep = withPage(sweep, page, seen);
      const { customers } = page;
      const late = awayMs === undefined ? {} : { awayMs };
      const taken = await writer.recordPage({ customers, at: clock(), sweep, reading, ...late }, fence);
      changed += taken.length;
    }
  };

  const end = async (earlier: Earlier): Promise<Swept> => {
    const held = before.completeAt === undefined ? {} : { complete: before.customers };
    const state = judge(sweep.customers, { ...held, ...earlier });
    const endedAt = clock();
    sweep = { ...sweep, state, endedAt };
    const saw = sweep.resumed ? undefined : seen;
    const { absentTwice, itemsAbsentTwice } = await writer.endSweep(sweep, saw, fence, awayMs);
    const missing = [...new Set([...absentTwice, ...itemsAbsentTwice])];
    if (state === "complete") await lookForAbsent(missing.slice(0, LOOK_UPS));
    log.info(`sweep.${state}`, tell());
    return { state, customers: sweep.customers, endedAt };
  };

  /** The sweep stands, whatever becomes of this: the next one says again who is absent. */
  const lookForAbsent = async (ids: readonly string[]): Promise<void> => {
    try {
      const found = await lookUp({ ...deps, fence, signal }, ids, { id: clock(), kind: "look-up" });
      changed += found.changed;
      sweep = { ...sweep, calls: sweep.calls + found.calls };
    } catch (error) {
      if (!(error instanceof Failure) || isFenced(error)) throw error;
      log.warn("absent.failed", { ...at, cause: error.code, error });
    }
  };

  const breakOff = (): Swept => ({ state: "broken off", customers: sweep.customers, endedAt: clock() });

  const fail = async (error: unknown): Promise<Swept> => {
    const endedAt = clock();
    const cause = error instanceof Failure ? error.code : "unknown";
    log.warn("sweep.failed", { ...tell(), cause, error });
    await noteTrouble(deps, scope, error);
    if (sweep.state === "running") {
      await writer.endSweep({ ...sweep, state: "failed", endedAt, cause }, undefined, fence);
    }
    return { state: "failed", customers: sweep.customers, endedAt };
  };

  return { read, end, breakOff, fail };
}

/** What keeps the bot from seeing is told when it has lasted, or at once where the token was refused (ALERTS 31). */
export async function noteTrouble(
  { outbox, clock }: Pick<SweepDeps, "outbox" | "clock">,
  scope: Scope,
  error: unknown,
): Promise<void> {
  if (!(error instanceof Failure) || !/^(?:wholesale|http)\./.test(error.code)) return;
  const refused = error.code === "wholesale.unauthorized" || error.code === "wholesale.forbidden";
  await outbox.noteTrouble(scope, { cause: error.code, refused }, clock());
}

function withPage(sweep: Sweep, { customers, unreadable, calls }: WalkPage, seen: Set<string>): Sweep {
  const known = seen.size;
  for (const { id } of customers) seen.add(id);
  return {
    ...sweep,
    customers: sweep.customers + seen.size - known,
    unreadable: sweep.unreadable + unreadable,
    calls: sweep.calls + calls,
  };
}
