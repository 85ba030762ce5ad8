import type { Clock } from "../domain/ports/runtime.ts";
import type { Bucket, CallKind } from "./budget.ts";

export interface BucketMeasures {
  readonly size: number;
  /** The calls that a crawl leaves in it, so that a sweep never leaves it empty for questions. */
  readonly reserve: number;
  /** Calls that come into it in a millisecond. */
  readonly perMs: number;
}

const MINUTE_MS = 60_000;

/**
 * A bucket that fills steadily. Its size is taken off its rate, so that no minute has more than `perMinute` calls. Half of its
 * size is kept for questions.
 * @param keptMs how long after it was taken a call may still be made
 */
export function measuresOf(perMinute: number, keptMs = 0): BucketMeasures {
  const size = Math.max(1, Math.floor(perMinute / 12));
  return { size, reserve: Math.floor(size / 2), perMs: Math.max(1, perMinute - size) / (MINUTE_MS + keptMs) };
}

/** The bucket of a process that shares its database with no other one. */
export function createBucket(perMinute: number, clock: Clock): Bucket {
  const { size, reserve, perMs } = measuresOf(perMinute);
  let calls = size;
  let filledAt = clock();

  const fill = (): void => {
    const now = clock();
    calls = Math.min(size, calls + Math.max(0, now - filledAt) * perMs);
    filledAt = now;
  };

  const dueIn = (kind: CallKind): number => {
    fill();
    const missing = 1 + (kind === "crawl" ? reserve : 0) - calls;
    // Less than a millionth of a call is a rounding error.
    return missing < 1e-6 ? 0 : Math.ceil(missing / perMs);
  };

  const spend = (): void => {
    fill();
    calls -= 1;
  };

  return {
    async take(kind) {
      const ms = dueIn(kind);
      if (ms === 0) spend();
      return ms;
    },
    spend,
  };
}
