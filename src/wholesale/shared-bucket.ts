import type { SharedCalls } from "../domain/ports/store.ts";
import { Failure } from "../errors.ts";
import { type BucketMeasures, measuresOf } from "./bucket.ts";
import type { Bucket, CallKind } from "./budget.ts";

/** A call that is not made so soon after it was asked for has lapsed. */
export const KEPT_MS = 2_000;

/** Milliseconds that only go forward: no correction of a clock makes a call last longer. */
type Stopwatch = () => number;

/**
 * The bucket of all instances, which the database keeps. An instance takes several calls at once: as many as it made within the
 * last seconds, so that few of them lapse.
 */
export function createSharedBucket(
  perMinute: number,
  shared: SharedCalls,
  stopwatch: Stopwatch = () => performance.now(),
): Bucket {
  const measures = measuresOf(perMinute, KEPT_MS);
  let held = { calls: 0, until: 0 };
  const madeAt: number[] = [];
  /** Calls that were made without being taken, and that the database has not heard of. */
  let owed = 0;

  const ask = async (wanted: { readonly least: number; readonly most: number; readonly reserve: number }) => {
    const [askedAt, told] = [stopwatch(), owed];
    owed = 0;
    const { calls, waitMs } = await shared.take({ ...measures, ...wanted, owed: told }).catch((error: unknown) => {
      owed += told;
      throw error;
    });
    if (calls > 0) held = { calls, until: askedAt + KEPT_MS };
    return waitMs;
  };

  const recentCalls = (): number => {
    const since = stopwatch() - KEPT_MS;
    while ((madeAt[0] ?? since + 1) <= since) madeAt.shift();
    return madeAt.length;
  };

  return {
    async take(kind) {
      if (held.calls === 0 || stopwatch() >= held.until) {
        held = { calls: 0, until: 0 };
        const waitMs = await ask(wantedCalls(kind, recentCalls(), measures));
        if (held.calls === 0) return Math.max(1, Math.ceil(waitMs));
        if (stopwatch() >= held.until) throw tooSlow();
      }
      held = { ...held, calls: held.calls - 1 };
      madeAt.push(stopwatch());
      return 0;
    },
    spend() {
      owed += 1;
      // If it fails, the next one that takes calls tells of it.
      void ask({ least: 0, most: 0, reserve: 0 }).catch(() => undefined);
    },
  };
}

/** A question goes as soon as there is one call; a crawl waits for as many as it needs, which spares the database. */
function wantedCalls(kind: CallKind, recent: number, { size, reserve }: BucketMeasures) {
  if (kind === "question") return { least: 1, most: Math.min(size, Math.max(1, recent)), reserve: 0 };
  const most = Math.min(size - reserve, Math.max(1, recent));
  return { least: most, most, reserve };
}

const tooSlow = () =>
  new Failure("store.slow", "The database took too long.", "Check locks and load on the server; the bot tries again.", {
    retryable: true,
  });
